import { describe, expect, test } from 'vitest';
import { evaluateConditions, isRangeValid, textOf } from '../../../src/serve/http/conditions.js';

const BEFORE = 'Tue, 04 May 2021 23:59:59 GMT';
const DATE = 'Wed, 05 May 2021 00:00:00 GMT';
const AFTER = 'Wed, 05 May 2021 00:00:01 GMT';
const validators = { etag: '"tag"', lastModified: Date.parse(DATE), isDateStrong: true };

/** Every line is a sentence of RFC 9110, section 13.1. */
describe('evaluateConditions', () => {
  test.each([
    [{}, undefined],
    // If-Match compares strongly.
    [{ 'if-match': '"tag"' }, undefined],
    [{ 'if-match': '"other", "tag"' }, undefined],
    [{ 'if-match': '*' }, undefined],
    [{ 'if-match': ' * ' }, undefined],
    [{ 'if-match': ['"other"', '"tag"'] }, undefined],
    [{ 'if-match': '"other"' }, 412],
    [{ 'if-match': '"other", "another"' }, 412],
    [{ 'if-match': 'W/"tag"' }, 412],
    [{ 'if-match': 'tag' }, 412],
    [{ 'if-match': '' }, 412],
    // If-Unmodified-Since counts only without If-Match.
    [{ 'if-unmodified-since': BEFORE }, 412],
    [{ 'if-unmodified-since': DATE }, undefined],
    [{ 'if-unmodified-since': AFTER }, undefined],
    [{ 'if-unmodified-since': 'yesterday' }, undefined],
    [{ 'if-match': '"tag"', 'if-unmodified-since': BEFORE }, undefined],
    // If-None-Match compares weakly.
    [{ 'if-none-match': '"tag"' }, 304],
    [{ 'if-none-match': ' "tag" ' }, 304],
    [{ 'if-none-match': 'W/"tag"' }, 304],
    [{ 'if-none-match': '"other", "tag"' }, 304],
    [{ 'if-none-match': '"other", W/"tag"' }, 304],
    [{ 'if-none-match': '*' }, 304],
    [{ 'if-none-match': '"other"' }, undefined],
    [{ 'if-none-match': 'tag' }, undefined],
    [{ 'if-none-match': '"a,"tag"' }, undefined],
    // If-Modified-Since counts only without If-None-Match.
    [{ 'if-modified-since': BEFORE }, undefined],
    [{ 'if-modified-since': DATE }, 304],
    [{ 'if-modified-since': AFTER }, 304],
    [{ 'if-modified-since': 'yesterday' }, undefined],
    [{ 'if-none-match': '"other"', 'if-modified-since': AFTER }, undefined],
    // A failed precondition comes before an unchanged file.
    [{ 'if-match': '"other"', 'if-none-match': '"tag"' }, 412],
    [{ 'if-match': '"tag"', 'if-none-match': '"tag"' }, 304],
    [{ 'if-unmodified-since': BEFORE, 'if-modified-since': DATE }, 412],
  ])('%j comes to %s', (headers, status) => {
    expect(evaluateConditions(headers, validators)).toBe(status);
  });
});

describe('isRangeValid', () => {
  test.each([
    [undefined, true],
    ['"tag"', true],
    [' "tag" ', true],
    ['"other"', false],
    ['W/"tag"', false],
    [DATE, true],
    [AFTER, false],
    [BEFORE, false],
    ['yesterday', false],
  ])('If-Range: %s gives %s', (ifRange, isValid) => {
    expect(isRangeValid(ifRange, validators)).toBe(isValid);
  });
});

test('a header that came several times is one list', () => {
  expect(textOf(['"a"', '"b"'])).toBe('"a", "b"');
  expect(textOf('"a"')).toBe('"a"');
  expect(textOf(undefined)).toBeUndefined();
});
