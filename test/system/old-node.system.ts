import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';

test.each(['collectstatic', 'findstatic', 'staticfiles'])('%s refuses Node 18', (name) => {
  const bin = path.resolve(import.meta.dirname, `../../bin/${name}.js`);
  const argv = ['-y', '-p', 'node@18', 'node', bin, '--version'];
  const { status, stdout, stderr } = spawnSync('npx', argv, { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(
    new RegExp(`^${name} requires Node 20\\.19, or 22\\.3 or newer; this is Node 18\\.\\d+\\.\\d+\\.$`, 'm'),
  );
});
