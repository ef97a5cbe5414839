import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { contentInfo } from '../../../src/model/content.js';
import type { Output } from '../../../src/model/output.js';
import type { HeaderRules } from '../../../src/storages/objects/headers.js';
import type { KnownObject } from '../../../src/storages/objects/index-file.js';
import type { ObjectHeaders } from '../../../src/storages/objects/object-store.js';
import { notePublished, publishedDigest } from '../../../src/storages/objects/published-objects.js';
import { made } from '../../support/outputs.js';

const CSS: ObjectHeaders = { contentType: 'text/css', cacheControl: 'no-cache', metadata: {} };

/** Rules that give each output these headers. */
const rules = (headersOf: (output: Output) => ObjectHeaders = () => CSS): HeaderRules => ({
  headersOf,
  known: (headers) => headers,
});

const NOW = 5000;

/** What is noted of an object called `a.css` after a run with these outputs. */
function noted(object: Partial<KnownObject>, outputs: readonly Output[]): unknown[] {
  const notes: unknown[] = [];
  const objects = new Map([['a.css', { size: 1, ...object }]]);
  notePublished(objects, outputs, NOW, (...note) => notes.push(note));
  return notes;
}

const A = made('a.css');
const MANIFEST = made('a.css', '{}', { role: 'manifest' });

it.each<[title: string, object: Partial<KnownObject>, outputs: readonly Output[], expected: unknown[]]>([
  ['a new one is used from now on', { foreign: true, version: 'v' }, [A], [{ version: 'v', unusedSince: 0 }]],
  ['a manifest is never called unused', { foreign: true }, [MANIFEST], [{}]],
  ['one that stays used is not noted', { unusedSince: 0 }, [A], []],
  ['one that is left out is unused from now on', { unusedSince: 0 }, [], [{ unusedSince: NOW }]],
  ['one that stays left out keeps its time', { unusedSince: 9 }, [], []],
  ['one that is published again is used', { unusedSince: 9 }, [A], [{ unusedSince: 0 }]],
  ['a manifest that a run leaves out is not noted', {}, [], []],
  ["somebody else's file is left alone", { foreign: true }, [], []],
])('notePublished(): %s', (_, object, outputs, expected) => {
  expect(noted(object, outputs)).toEqual(expected.map((each) => ['a.css', { size: 1, ...(each as object) }]));
});

const sha384 = (text: string) => createHash('sha384').update(text).digest('hex');
const digest = (outputs: readonly Output[], published?: ReadonlyMap<string, KnownObject>) =>
  publishedDigest(outputs, rules(), published);

const B = made('b.css');

it('publishedDigest() covers paths, bytes and headers, in any order', async () => {
  const lines = [`a.css\0${sha384('a.css')}`, `b.css\0${sha384('b.css')}`];
  const headers = '[[["cacheControl","no-cache"],["contentType","text/css"]],[]]';
  const whole = createHash('sha384').update(lines.map((line) => `${line}\0${headers}\n`).join(''));
  const expected = `sha384-${whole.digest('base64')}`;
  expect(await digest([A, B])).toBe(expected);
  expect(await digest([B, A])).toBe(expected);
  expect(await digest([A])).not.toBe(expected);
  expect(await digest([made('a.css', 'other'), B])).not.toBe(expected);
  expect(await digest([A, made('c.css', 'b.css')])).not.toBe(expected);
});

it('publishedDigest() tells outputs with other headers apart, also if only one differs', async () => {
  const other = { ...CSS, cacheControl: 'max-age=60' };
  const mixed = rules(({ publicPath }) => (publicPath === 'b.css' ? other : CSS));
  expect(await publishedDigest([A, B], mixed)).not.toBe(await digest([A, B]));
  expect(await publishedDigest([A], mixed)).toBe(await digest([A]));
});

it('publishedDigest() leaves the note of a release out, and no other manifest', async () => {
  const note = made('note.json', '{}', { role: 'release-note' });
  expect(await digest([A, note])).toBe(await digest([A]));
  expect(await digest([A, MANIFEST])).not.toBe(await digest([A]));
});

it('publishedDigest() reads the bytes of an output without a hash', async () => {
  const { content: _, ...unhashed } = A;
  expect(await digest([unhashed])).toBe(await digest([A]));
});

it('publishedDigest() takes the hash of the stored bytes', async () => {
  const stored = contentInfo(Buffer.from('packed'), 'md5');
  const packed = made('a.css', 'a.css', { contentEncoding: 'gzip', stored });
  expect(await digest([packed])).toBe(await digest([made('a.css', 'packed')]));
});

it('publishedDigest() believes a SHA-384 of what was published, and nothing weaker', async () => {
  const { content: _, ...unhashed } = A;
  const known = (hashAlgorithm: 'md5' | 'sha384') =>
    new Map([['a.css', { size: 1, hash: sha384('b.css'), hashAlgorithm }]]);
  expect(await digest([unhashed], known('sha384'))).toBe(await digest([made('a.css', 'b.css')]));
  expect(await digest([unhashed], known('md5'))).toBe(await digest([A]));
});
