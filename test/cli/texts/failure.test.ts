import { expect, it } from 'vitest';
import { failureText } from '../../../src/cli/texts/format.js';
import { StaticFilesError } from '../../../src/errors.js';

const cause = new Error('EACCES: permission denied');
const userError = new StaticFilesError('source', "Cannot read '/a': permission denied.", { cause });

it.each([0, 1, 2] as const)('is the message alone at -v %d', (verbosity) => {
  expect(failureText(userError, verbosity)).toBe("Cannot read '/a': permission denied.");
});

it('adds the stack of the cause at -v 3', () => {
  expect(failureText(userError, 3)).toBe(`Cannot read '/a': permission denied.\nCaused by: ${cause.stack}`);
});

it('has no stack to add where there is no cause', () => {
  expect(failureText(new StaticFilesError('settings', 'Wrong.'), 3)).toBe('Wrong.');
});

it('asks to report a defect, with its stack', () => {
  const defect = new TypeError('x is not a function');
  expect(failureText(defect, 0)).toMatch(
    /^Unexpected error\. .*please report it.*\nTypeError: x is not a function\n +at /,
  );
});

it('shows a thrown value that is no error', () => {
  expect(failureText('oops', 1)).toMatch(/^Unexpected error\..*\noops$/);
});
