import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** Makes this Node look like another version; test/system/old-node.system.ts has a real one. */
function lookLike(version: string): string {
  return `data:text/javascript,Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } })`;
}

test.each([
  ['collectstatic', '18.20.4'],
  ['findstatic', '20.18.3'],
  ['staticfiles', '21.7.3'],
  ['collectstatic', '22.2.0'],
])('%s refuses Node %s', async (name, version) => {
  const bin = path.resolve(import.meta.dirname, `../../bin/${name}.js`);
  const running = promisify(execFile)(process.execPath, ['--import', lookLike(version), bin]);
  await expect(running).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: `${name} requires Node 20.19, or 22.3 or newer; this is Node ${version}.\n`,
  });
});
