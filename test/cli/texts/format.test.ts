import { describe, expect, it } from 'vitest';
import { amountText, failureText, sizeText, timeText } from '../../../src/cli/texts/format.js';
import { StaticFilesError } from '../../../src/errors.js';

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

it('shows times in UTC, to the minute', () => {
  expect(timeText(new Date('2026-11-21T08:03:59+02:00'))).toBe('2026-11-21 06:03 UTC');
  expect(timeText(undefined)).toBe('at an unknown time');
});

const cause = new Error('EACCES: permission denied');
const userError = new StaticFilesError('source', "Cannot read '/a': permission denied.", { cause });

describe('failureText', () => {
  it.each([0, 1, 2] as const)('is only the message at -v %d', (verbosity) => {
    expect(failureText(userError, verbosity)).toBe("Cannot read '/a': permission denied.");
  });

  it('adds the stack of the cause at -v 3', () => {
    expect(failureText(userError, 3)).toBe(`Cannot read '/a': permission denied.\nCaused by: ${cause.stack}`);
  });

  it('adds no stack without a cause', () => {
    expect(failureText(new StaticFilesError('settings', 'Wrong.'), 3)).toBe('Wrong.');
  });

  it('asks for a report of a defect, with its stack', () => {
    const defect = new TypeError('x is not a function');
    expect(failureText(defect, 0)).toMatch(
      /^Unexpected error\. .*Report it.*\nTypeError: x is not a function\n +at /,
    );
  });

  it('shows a thrown value that is not an error', () => {
    expect(failureText('oops', 1)).toMatch(/^Unexpected error\..*\noops$/);
  });
});
