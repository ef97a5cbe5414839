import { describe, expect, it } from 'vitest';
import { type Head, headBytes, parseHead } from '../../../src/storages/objects/head-object.js';

const FREE: Head = {
  ...{ run: 'b7c1', seq: 7, state: 'free', index: 'v3', published: 'abc', lost: null },
  ...{ going: null, conditional: true },
};

/** What counts as the head of a run that died while it was deleting. */
const UNREADABLE: Head = {
  ...{ run: '', seq: 0, state: 'deleting', index: null, published: null, lost: null },
  ...{ going: [], conditional: null },
};

const parsed = (value: unknown) => parseHead(Buffer.from(JSON.stringify(value)));

describe('a head', () => {
  it.each<Partial<Head>>([
    {},
    { state: 'held', index: null, published: null },
    { state: 'deleting', going: ['v1', 'v2'] },
    { lost: '2030-01-02T03:04:05.678Z', going: [] },
    { conditional: false },
    { conditional: null },
    { seq: 0 },
  ])('is read as it was written: %j', (changes) => {
    const head = { ...FREE, ...changes };
    expect(parseHead(headBytes(head))).toEqual(head);
    expect(headBytes(head).toString()).toBe(`${JSON.stringify(head)}\n`);
  });

  it('of an earlier version does not know whether conditions are honoured', () => {
    const { conditional: _, ...earlier } = FREE;
    expect(parsed(earlier)).toEqual({ ...FREE, conditional: null });
  });
});

describe('a damaged head counts as that of a run that died while it was deleting', () => {
  it.each(['', '{', '{"run":', 'null', '5', '"text"', '[]', '{}'])('%j', (text) => {
    expect(parseHead(Buffer.from(text))).toEqual(UNREADABLE);
  });

  it.each<[keyof Head, unknown]>([
    ['run', 5],
    ['run', undefined],
    ['seq', '7'],
    ['seq', 1.5],
    ['seq', 2 ** 60],
    ['state', 'taken'],
    ['state', undefined],
    ['index', 5],
    ['index', undefined],
    ['published', true],
    ['published', undefined],
    ['lost', 5],
    ['lost', undefined],
    ['lost', 'yesterday'],
    ['going', 'v1'],
    ['going', ['v1', 2]],
    ['going', {}],
    ['going', undefined],
    ['conditional', 'yes'],
    ['conditional', 1],
  ])('with %s %j', (name, value) => {
    expect(parsed({ ...FREE, [name]: value })).toEqual(UNREADABLE);
  });
});
