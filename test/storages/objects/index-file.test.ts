import { expect, test } from 'vitest';
import { indexBytes, type KnownObject, parseIndex } from '../../../src/storages/objects/index-file.js';
import type { ObjectHeaders } from '../../../src/storages/objects/object-store.js';

const css: ObjectHeaders = { contentType: 'text/css', cacheControl: 'no-cache', metadata: {} };
const svg: ObjectHeaders = { contentType: 'image/svg+xml', cacheControl: 'no-cache', metadata: { a: 'b' } };
const hash = 'ab'.repeat(48);

const OBJECTS: Readonly<Record<string, KnownObject>> = {
  'css/app.css': { size: 6, hash, hashAlgorithm: 'sha384', version: 'v1', headers: css, unusedSince: 0 },
  'a.svg': { size: 0, hash: 'cd'.repeat(16), hashAlgorithm: 'md5', version: '1-2', headers: svg },
  'unknown.bin': { size: 5 },
  'ü 日本 🙂.css': { size: 1, version: 'v', unusedSince: 1_700_000_000_000 },
  'quote".css': { size: 2, version: 'v' },
  'comma,.css': { size: 4, version: 'v' },
  '404': { size: 7, version: 'v' },
};

function read(objects: Readonly<Record<string, KnownObject>>, change = (text: string) => text) {
  const bytes = indexBytes({ place: 'p', others: false, objects: new Map(Object.entries(objects)) });
  return parseIndex(Buffer.from(change(bytes.toString())));
}

test('an index is read as it was written', () => {
  expect([...read(OBJECTS)!.objects]).toEqual(Object.entries(OBJECTS));
});

test.skipIf(process.platform === 'win32')('a name may look like an entry', () => {
  const objects = { 'a": [1, "b"].css': { size: 3, version: 'v' }, 'a\\b.css': { size: 4 } };
  expect([...read(objects)!.objects]).toEqual(Object.entries(objects));
});

test('each kind of headers is looked up once, and unknown ones are left out', () => {
  const bytes = indexBytes({ place: 'p', others: false, objects: new Map(Object.entries(OBJECTS)) });
  const seen: ObjectHeaders[] = [];
  const { objects } = parseIndex(bytes, (headers) => {
    seen.push(headers);
    return headers.contentType === 'text/css' ? css : undefined;
  })!;
  expect(seen).toEqual([css, svg]);
  expect(objects.get('css/app.css')!.headers).toBe(css);
  expect(objects.get('a.svg')).toEqual({ ...OBJECTS['a.svg'], headers: undefined });
});

test.each<[string, (text: string) => string]>([
  ['another format', (text) => text.replace('"2.0"', '"2.1"')],
  ['an entry that is no list', (text) => text.replace('[5,null,null,null]', '5')],
  ['a size that is no number', (text) => text.replace('[5,', '["5",')],
  ['a hash that is none', (text) => text.replace('sha384-', 'sha384:')],
  ['headers that it does not have', (text) => text.replace('"v1",0,0]', '"v1",2,0]')],
  ['headers that are no number', (text) => text.replace('"v1",0,0]', '"v1","0",0]')],
  ['a line that is cut', (text) => text.replace('"unknown.bin": [5,null,null,null]', '"unknown.bin": [5,')],
  ['a line without a name', (text) => text.replace('"unknown.bin": ', '')],
  ['a name outside of the destination', (text) => text.replace('unknown.bin', '../unknown.bin')],
  ['no end', (text) => text.slice(0, -4)],
])('an index with %s is not used', (_, change) => {
  expect(read(OBJECTS, change)).toBeUndefined();
});
