import { expect, it } from 'vitest';
import { warningsText } from '../../../src/cli/texts/collect.js';

it('has one line for each warning', () => {
  expect(
    warningsText([
      { code: 'special-file', message: "'/a/pipe' is skipped." },
      { code: 'W004', message: "staticfilesDirs[0]: the folder '/a' does not exist. (staticfiles.W004)" },
    ]),
  ).toBe(
    "Warning: '/a/pipe' is skipped.\n" +
      "Warning: staticfilesDirs[0]: the folder '/a' does not exist. (staticfiles.W004)\n",
  );
});

it('is nothing where there are none', () => {
  expect(warningsText([])).toBe('');
});
