import { expect, it } from 'vitest';
import { warningsText } from '../../../src/cli/texts/collect.js';

it('prints those of the checks as Django does, then the others', () => {
  expect(
    warningsText([
      { code: 'special-file', message: "'/a/pipe' is skipped." },
      { code: 'W004', message: "The directory '/a' does not exist." },
      { code: 'W004', message: "The directory '/b' does not exist." },
    ]),
  ).toBe(
    'System check identified some issues:\n\nWARNINGS:\n' +
      "?: (staticfiles.W004) The directory '/a' does not exist.\n" +
      "?: (staticfiles.W004) The directory '/b' does not exist.\n" +
      "Warning: '/a/pipe' is skipped.\n",
  );
});

it('is nothing where there are none', () => {
  expect(warningsText([])).toBe('');
});
