import fs from 'node:fs';
import { expect, test } from 'vitest';
import { TOPICS } from './all-lines.js';
import { differencesPart } from './differences.js';
import { CONFORMANCE_FILE, lineCells } from './table.js';

test('docs/http-conformance.md lists each requirement, and our handler meets it', () => {
  const rows = fs.readFileSync(CONFORMANCE_FILE, 'utf8').split('\n');
  for (const line of Object.values(TOPICS).flat()) {
    const cells = `${lineCells(line)} yes |`;
    const row = rows.find((each) => each.startsWith(cells)) ?? 'missing: run npm run conformance';
    expect(row).toContain(cells);
  }
});

test('docs/http-conformance.md lists the differences from the test suites of other handlers', () => {
  expect(fs.readFileSync(CONFORMANCE_FILE, 'utf8')).toContain(differencesPart());
});
