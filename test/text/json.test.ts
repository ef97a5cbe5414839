import { expect, it } from 'vitest';
import { parseJson } from '../../src/text/json.js';

it('a byte order mark is skipped', () => {
  expect(parseJson('\uFEFF{"a": 1}', 'x.json')).toEqual({ a: 1 });
});

it.each([
  ['{\n  "a": 1\n  "b": 2\n}', "3:3: invalid JSON: expected ',' or '}' after property value."],
  ["{\n  'a': 1\n}", "2:3: invalid JSON: expected property name or '}'."],
  ['{"a": 1}\n]', '2:1: invalid JSON: unexpected non-whitespace character.'],
  ['{\n  "a": "x', '2:10: invalid JSON: unterminated string.'],
  ['{"a":\n', '2:1: invalid JSON: unexpected end of file.'],
  ['', '1:1: invalid JSON: unexpected end of file.'],
  ['[\n  1,\n]', "3:1: invalid JSON: unexpected token ']'."],
  ['{"a": tru}', "1:10: invalid JSON: unexpected token '}'."],
  [`{"a": .5, "b": "${'x'.repeat(100)}"}`, "1:7: invalid JSON: unexpected token '.'."],
])('an error in %j has its line and column', (json, message) => {
  expect(() => parseJson(json, '/p/x.json')).toThrow(
    expect.objectContaining({ code: 'settings', message: `/p/x.json:${message}` }),
  );
});
