import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** Makes this Node look like version 18; test/system/old-node.system.ts has the real one. */
const OLD_NODE =
  'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.20.4" } })';

test.each(['collectstatic', 'findstatic', 'staticfiles'])('%s refuses an old Node', async (name) => {
  const bin = path.resolve(import.meta.dirname, `../../bin/${name}.js`);
  const running = promisify(execFile)(process.execPath, [
    '--import',
    `data:text/javascript,${OLD_NODE}`,
    bin,
  ]);
  await expect(running).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: `${name} requires Node 20.19 or newer; this is Node 18.20.4.\n`,
  });
});
