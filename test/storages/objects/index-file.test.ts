import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  indexBytes,
  type KnownObject,
  type ObjectIndex,
  parseIndex,
} from '../../../src/storages/objects/index-file.js';

const HASH = createHash('sha384').update('a').digest('hex');
const MD5 = createHash('md5').update('a').digest('hex');
const CSS = { contentType: 'text/css', cacheControl: 'no-cache', metadata: {} };
const JS = { contentType: 'text/javascript', cacheControl: 'no-cache', metadata: { team: 'web' } };
const HASHED = { size: 1, hash: HASH, hashAlgorithm: 'sha384' } as const;

function indexOf(objects: Record<string, KnownObject>, others = false): ObjectIndex {
  return { place: 's3://bucket/', others, objects: new Map(Object.entries(objects)) };
}

const textOf = (index: ObjectIndex) => indexBytes(index).toString();
const parsed = (text: string) => parseIndex(Buffer.from(text));

describe('an index', () => {
  it.each<[string, Record<string, KnownObject>]>([
    ['nothing', {}],
    [
      'all that is known of an object',
      { 'a.css': { ...HASHED, version: 'v1', headers: CSS, unusedSince: 1234 } },
    ],
    [
      'an object that each run publishes',
      { 'a.css': { ...HASHED, version: 'v1', headers: CSS, unusedSince: 0 } },
    ],
    ['an MD5', { 'a.css': { size: 1, hash: MD5, hashAlgorithm: 'md5', version: 'v1' } }],
    ['the size alone', { 'a.css': { size: 0 } }],
    ['names with quotes, accents and commas', { '"a",': HASHED, 'é/\u{1f600} {}.css': { size: 2 } }],
    [
      'several headers',
      {
        'a.css': { ...HASHED, headers: CSS },
        'a.js': { size: 2, headers: JS },
        'b.css': { size: 3, headers: CSS },
      },
    ],
  ])('gives back %s', (_, objects) => {
    const index = indexOf(objects);
    expect(parseIndex(indexBytes(index))).toEqual(index);
  });

  it('has one object a line, and equal headers once', () => {
    const objects = {
      'a.css': { ...HASHED, headers: CSS },
      'b.css': { size: 3, headers: CSS, version: 'v1' },
    };
    const lines = textOf(indexOf(objects)).split('\n');
    expect(lines).toEqual([
      `{"version":"2.0","place":"s3://bucket/","others":false,"headers":[${JSON.stringify(CSS)}], "objects": {`,
      `"a.css": [1,"sha384-${Buffer.from(HASH, 'hex').toString('base64')}",null,0],`,
      '"b.css": [3,null,"v1",0]',
      '}}',
      '',
    ]);
    expect(JSON.parse(lines.join('\n'))).toMatchObject({ objects: { 'b.css': [3, null, 'v1', 0] } });
  });

  it('gives equal headers back as one and the same object', () => {
    const { objects } = parseIndex(
      indexBytes(indexOf({ 'a.css': { size: 1, headers: CSS }, 'b.css': { size: 2, headers: CSS } })),
    )!;
    expect(objects.get('a.css')!.headers).toBe(objects.get('b.css')!.headers);
  });

  it.skipIf(process.platform === 'win32')('gives back names that look like an entry', () => {
    const index = indexOf({ 'a": [1, "b"].css': { size: 3, version: 'v' }, 'a\\b.css': { size: 4 } });
    expect(parseIndex(indexBytes(index))).toEqual(index);
  });

  it('looks each kind of headers up once, and leaves unknown ones out', () => {
    const entries = { 'a.css': { size: 1, headers: CSS }, 'b.css': { size: 2, headers: CSS } };
    const bytes = indexBytes(indexOf({ ...entries, 'a.js': { size: 3, headers: JS } }));
    const seen: unknown[] = [];
    const { objects } = parseIndex(bytes, (headers) => {
      seen.push(headers);
      return headers.contentType === 'text/css' ? CSS : undefined;
    })!;
    expect(seen).toEqual([CSS, JS]);
    expect(objects.get('b.css')!.headers).toBe(CSS);
    expect(objects.get('a.js')).toEqual({ size: 3 });
  });

  it('leaves objects of others out, with their headers, and notes that there are some', () => {
    const objects = {
      'theirs.css': { size: 9, headers: JS, foreign: true as const },
      'a.css': { ...HASHED, headers: CSS },
    };
    const index = parseIndex(indexBytes(indexOf(objects)))!;
    expect([...index.objects.keys()]).toEqual(['a.css']);
    expect(index.objects.get('a.css')!.headers).toEqual(CSS);
    expect(index.others).toBe(true);
    expect(textOf(indexOf(objects))).not.toContain('javascript');
    expect(parseIndex(indexBytes(indexOf({}, true)))!.others).toBe(true);
    expect(parseIndex(indexBytes(indexOf({ 'a.css': HASHED })))!.others).toBe(false);
  });

  it('can be a part of other bytes', () => {
    const bytes = indexBytes(indexOf({ 'a.css': HASHED }));
    const more = Buffer.concat([Buffer.from('before'), bytes, Buffer.from('after')]);
    const part = new Uint8Array(more.buffer, more.byteOffset + 6, bytes.length);
    expect(parseIndex(part)?.objects.get('a.css')).toEqual(HASHED);
  });
});

describe('an index that is not trusted', () => {
  const whole = textOf(
    indexOf({ 'a.css': { ...HASHED, version: 'v1', headers: CSS }, 'b.css': { size: 2 } }),
  );
  const replaced = (from: string | RegExp, to: string) => {
    const text = whole.replace(from, to);
    expect(text).not.toBe(whole);
    return text;
  };

  it('is one that was cut off at any place', () => {
    expect(parsed(whole)?.objects.size).toBe(2);
    for (let length = 0; length < whole.length; length++)
      expect(parsed(whole.slice(0, length))).toBeUndefined();
  });

  it.each<[string, string | RegExp, string]>([
    ['another format', '"2.0"', '"1.0"'],
    ['no place', '"s3://bucket/"', 'null'],
    ['no word about others', '"others":false', '"others":null'],
    ['headers that are no list', /"headers":\[.*?\],/, '"headers":{},'],
    ['headers without a type', '"contentType":"text/css"', '"contentType":1'],
    ['headers without Cache-Control', '"cacheControl":"no-cache"', '"cacheControl":null'],
    ['headers without metadata', '"metadata":{}', '"metadata":null'],
    ['headers that are null', /"headers":\[.*?\],/, '"headers":[null],'],
    ['an entry that is no list', '[2,null,null,null]', '{"size":2}'],
    ['a size that is no number', '[2,', '["2",'],
    ['a size that is no whole number', '[2,', '[2.5,'],
    ['a version that is no text', '"v1"', '1'],
    ['headers that are not listed', '"v1",0', '"v1",1'],
    ['headers by name', '"v1",0', '"v1","0"'],
    ['no headers where there must be a number', '"v1",0', '"v1"'],
    ['a hash that is no text', '[2,null', '[2,5'],
    ['a hash of another algorithm', '"sha384-', '"sha1-'],
    ['a hash that is not base64', '"sha384-', '"sha384-*'],
    ['more behind a hash', /(sha384-[^"]*)/, '$1 '],
    ['something before a hash', '"sha384-', '" sha384-'],
    ['a path out of the destination', '"b.css"', '"../b.css"'],
    ['an absolute path', '"b.css"', '"/b.css"'],
    ['an empty line', '"b.css": [2,null,null,null]', ''],
    ['a line that is not JSON', '"b.css"', 'b.css'],
    ['more behind its end', /$/, 'more'],
    ['something before its start', /^/, 'more'],
  ])('has %s', (_, from, to) => {
    expect(parsed(replaced(from, to))).toBeUndefined();
  });

  it('is empty, or is no index', () => {
    for (const text of ['', '\n', 'null', '{}', '{}\n}}\n', ', "objects": {\n}}\n'])
      expect(parsed(text)).toBeUndefined();
  });
});
