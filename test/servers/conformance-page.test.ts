import fs from 'node:fs';
import { expect, test } from 'vitest';
import { CASE_NAMES, STORAGES_FILE } from './conformance-page.js';

const rows = fs.readFileSync(STORAGES_FILE, 'utf8').split('\n');

test('docs/storages-conformance.md has each case, and every storage passes it', () => {
  for (const name of CASE_NAMES) {
    const row = rows.find((each) => each.startsWith(`| ${name} |`)) ?? 'not there: run npm run test:servers';
    expect(row).toMatch(/^\| [^|]+ \|(?: (?:yes|–) \|)+$/);
  }
});

test('docs/storages-conformance.md has each storage', () => {
  expect(rows.find((row) => row.includes('filesystem'))).toMatch(
    /filesystem \| S3: .* \| Azure: .* \| GCS: .* \| rsync/,
  );
});
