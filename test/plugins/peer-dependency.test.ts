import { expect, test } from 'vitest';
import { loadPeer } from '../../src/plugins/peer-dependency.js';

const NAME = '@scope/no-such-package';

test('the error for a missing package says how to install it', async () => {
  const load = () => import(/* @vite-ignore */ '@scope/no-such-package' as string);
  await expect(loadPeer('s3', NAME, load)).rejects.toMatchObject({
    code: 'settings',
    message: `The storage 's3' needs the package '${NAME}': npm install ${NAME}`,
  });
});

test.each([
  ["Cannot find package '@scope/no-such-package' imported from /x/y.js", true],
  ["Cannot find module '@scope/no-such-package'\nRequire stack:\n- /x/y.js", true],
  ["Cannot find package 'tslib' imported from /x/node_modules/@scope/no-such-package/index.js", false],
  ["Cannot find module '/x/node_modules/@scope/no-such-package/gone.js' imported from /x/y.js", false],
])('%s', async (message, isMissing) => {
  const error = Object.assign(new Error(message), { code: 'ERR_MODULE_NOT_FOUND' });
  const loading = loadPeer('gcs', NAME, () => Promise.reject(error));
  await expect(loading).rejects.toSatisfy((thrown) => (thrown === error) !== isMissing);
});

test('an error of the package itself is thrown unchanged', async () => {
  const error = new TypeError(`Cannot find package '${NAME}' would be the wrong answer`);
  await expect(loadPeer('azure', NAME, () => Promise.reject(error))).rejects.toBe(error);
});
