import { describe, expect, it } from 'vitest';
import {
  checkedOptions,
  type ObjectStorageOptions,
  splitOptions,
} from '../../../src/storages/objects/options.js';

describe('the options of an object storage', () => {
  it.each([
    [{}, { prefix: '', index: true }],
    [
      { prefix: undefined, index: undefined },
      { prefix: '', index: true },
    ],
    [{ prefix: '' }, { prefix: '', index: true }],
    [{ prefix: 'static' }, { prefix: 'static/', index: true }],
    [
      { prefix: 'a/b/', index: false },
      { prefix: 'a/b/', index: false },
    ],
    [
      { prefix: '..a/b..', maxAge: 0 },
      { prefix: '..a/b../', index: true, maxAge: 0 },
    ],
    [
      { publicUrl: '/static/', encoding: 'inline', conditional: false, concurrency: 1 },
      {
        prefix: '',
        index: true,
        publicUrl: '/static/',
        encoding: 'inline',
        conditional: false,
        concurrency: 1,
      },
    ],
    [
      { publicUrl: 'https://cdn.test/', headers: {} },
      { prefix: '', index: true, publicUrl: 'https://cdn.test/', headers: {} },
    ],
  ])('%j are completed to %j', (options, expected) => {
    expect(checkedOptions(options as ObjectStorageOptions, 's3')).toEqual(expected);
  });

  it.each<[object, string]>([
    ...['/a', '..', '.', 'a/..', './a', 'a/./b', 'a//b', 'a/../b', 'a\0', 5].map(
      (prefix): [object, string] => [
        { prefix },
        "storage 's3': prefix: expected a path without a slash at its start",
      ],
    ),
    ...['cdn', 'cdn/', 'https://cdn.test', '/static', '', 5].map((publicUrl): [object, string] => [
      { publicUrl },
      "storage 's3': publicUrl: expected a URL that ends in '/'",
    ]),
    [{ headers: 5 }, 'headers: expected an object of headers by globs'],
    [{ maxAge: -1 }, 'maxAge: expected a whole number of seconds'],
    [{ maxAge: 1.5 }, 'maxAge: expected'],
    [{ encoding: 'gzip' }, "encoding: expected 'inline'"],
    [{ index: 'yes' }, 'index: expected'],
    [{ conditional: true }, 'conditional: expected false'],
    [{ concurrency: 0 }, 'concurrency: expected a whole number'],
    [{ heders: {} }, "heders: unknown option of the storage 's3'"],
  ])('%j are refused: %s', (options, message) => {
    expect(() => checkedOptions(options, 's3')).toThrow(
      expect.objectContaining({ code: 'settings', message: expect.stringContaining(message) }),
    );
  });

  it('are told apart from those of the service, except the number of requests, which both need', () => {
    const shared = { prefix: 'a', publicUrl: '/', headers: {}, maxAge: 1, index: false };
    expect(splitOptions<{ bucket: string }>({ bucket: 'b', ...shared })).toEqual([{ bucket: 'b' }, shared]);
    expect(splitOptions<{ bucket: string }>({ bucket: 'b', concurrency: 3 })).toEqual([
      { bucket: 'b', concurrency: 3 },
      { concurrency: 3 },
    ]);
    const more = { encoding: 'inline', conditional: false } as const;
    expect(splitOptions<object>(more)).toEqual([{}, more]);
  });
});
