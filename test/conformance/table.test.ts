import fs from 'node:fs';
import { expect, test } from 'vitest';
import { TOPICS } from './all-lines.js';
import { CONFORMANCE_FILE, lineCells } from './table.js';

test('docs/http-conformance.md has each line, met by our handler', () => {
  const rows = fs.readFileSync(CONFORMANCE_FILE, 'utf8').split('\n');
  for (const line of Object.values(TOPICS).flat()) {
    const cells = `${lineCells(line)} yes |`;
    expect(rows.find((row) => row.startsWith(cells)) ?? 'not there: run npm run conformance').toContain(
      cells,
    );
  }
});
