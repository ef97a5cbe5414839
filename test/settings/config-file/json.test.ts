import { expect, it } from 'vitest';
import { parseJson } from '../../../src/settings/config-file/json.js';

it('passes over a byte order mark', () => {
  expect(parseJson('\uFEFF{"a": 1}', 'x.json')).toEqual({ a: 1 });
});

it('tells the line and the column where the parser knows them', () => {
  expect(() => parseJson('{\n  "a": 1\n  "b": 2\n}', '/p/x.json')).toThrow(
    expect.objectContaining({
      code: 'settings',
      message: expect.stringMatching(/^'\/p\/x\.json' is no valid JSON: .*\(line 3 column 3\)\.$/),
    }),
  );
});

it('tells the parser’s words in any case', () => {
  expect(() => parseJson('', 'x.json')).toThrow("'x.json' is no valid JSON: Unexpected end of JSON input.");
});
