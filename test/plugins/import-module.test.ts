import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { newFolder } from '../settings/folder.js';

// vitest imports modules in its own way; what Node says of a syntax error is seen in the built package only.
const BUILT = pathToFileURL(path.resolve(import.meta.dirname, '../../dist/index.js')).href;

function loadingError(cwd: string): string {
  const script = `
    import { loadSettings } from '${BUILT}';
    await loadSettings({ cwd: process.argv[1] }).catch((error) => process.stdout.write(error.message));
  `;
  return execFileSync(process.execPath, ['--input-type=module', '-e', script, cwd], { encoding: 'utf8' });
}

it.each([
  ['staticfiles.config.mjs', 'export default {\n  a 1 };', /: SyntaxError: Unexpected number$/],
  [
    'staticfiles.config.cjs',
    'module.exports = {\n  a 1 };',
    /: SyntaxError: Unexpected number \(.*\.cjs:2\)$/,
  ],
  ['staticfiles.config.ts', 'export default {\n  a 1 };', /: Error: ParseError: .*\.ts:2:/],
])('a syntax error in %s names the file, and the place where it is known', (name, text, words) => {
  const dir = newFolder({ [name]: text });
  const message = loadingError(dir);
  expect(message).toContain(`${name}: cannot load it: `);
  expect(message).toMatch(words);
});
