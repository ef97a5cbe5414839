import { expect, it } from 'vitest';
import { amountText, sizeText, timeText } from '../../../src/cli/texts/format.js';

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [1_234_567, '1.2 MB'],
  [5e9, '5.0 GB'],
  [7e12, '7.0 TB'],
  [8e15, '8000.0 TB'],
])('%i bytes are %s', (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});

it('counts files', () => {
  expect(amountText({ files: 1, size: 10 })).toBe('1 file (10 B)');
  expect(amountText({ files: 2, size: 2000 })).toBe('2 files (2.0 kB)');
});

it('tells times in UTC, to the minute', () => {
  expect(timeText(new Date('2026-11-21T08:03:59+02:00'))).toBe('2026-11-21 06:03 UTC');
  expect(timeText(undefined)).toBe('at an unknown time');
});
