import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const TOP = path.resolve(import.meta.dirname, '../../..');

function codesIn(file: string, pattern: RegExp): string[] {
  return Array.from(fs.readFileSync(file, 'utf8').matchAll(pattern), (match) => match[1]!);
}

it('docs/checks.md lists the codes of the settings, and no others', () => {
  const folder = path.join(TOP, 'src');
  const files = fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /^(settings|plugins)\/.*\.ts$/.test(file.replaceAll('\\', '/')));
  const reported = files.flatMap((file) => codesIn(path.join(folder, file), /'([EW]\d{3})'/g));
  const listed = codesIn(path.join(TOP, 'docs/checks.md'), /^\| ([EW]\d{3}) \|/gm);
  expect(new Set(listed).size).toBe(listed.length);
  expect([...new Set(reported)].sort()).toEqual(listed.sort());
});
