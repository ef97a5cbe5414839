import { expect, it } from 'vitest';
import { parseSettingsJson } from '../../src/text/json.js';

it('passes over a byte order mark', () => {
  expect(parseSettingsJson('\uFEFF{"a": 1}', 'x.json')).toEqual({ a: 1 });
});

it('tells the line and the column where the parser knows them', () => {
  expect(() => parseSettingsJson('{\n  "a": 1\n  "b": 2\n}', '/p/x.json')).toThrow(
    expect.objectContaining({
      code: 'settings',
      message: expect.stringMatching(/^'\/p\/x\.json' is no valid JSON: .*\(line 3 column 3\)\.$/),
    }),
  );
});

it('tells the parser’s words in any case', () => {
  expect(() => parseSettingsJson('', 'x.json')).toThrow(
    "'x.json' is no valid JSON: Unexpected end of JSON input.",
  );
});
