import { describe, expect, it, vi } from 'vitest';
import { contentInfo } from '../../src/model/content.js';
import type { ReleaseFile } from '../../src/pipeline/stored-manifest.js';
import type { StoredRelease } from '../../src/releases/read.js';
import { canCompareBytes, checkReleaseFiles, hasPublishedBytes } from '../../src/releases/verify.js';
import type { Inventory, Storage, StoredFile } from '../../src/storages/storage.js';
import { inventoryOf } from '../support/outputs.js';

const { size, integrity } = contentInfo(Buffer.from('abc'), 'sha384');
const SHA384 = contentInfo(Buffer.from('abc'), 'sha384').hash;
const FACTS: ReleaseFile = { size, integrity };

const { signal } = new AbortController();

/** A storage whose files have these hashes. */
function digesting(files: Record<string, Partial<StoredFile>>, digests: Record<string, string> = {}) {
  return inventoryOf(files, { digest: async (path) => digests[path] ?? SHA384 });
}

function check(
  files: Record<string, ReleaseFile>,
  inventory: Inventory,
  paths: Record<string, string> = { 'app.css': 'app.1234.css', 'a.txt': 'a.txt' },
) {
  const manifest = { paths } as StoredRelease['manifest'];
  const release = {
    id: 'v1',
    published: undefined,
    manifest,
    files: new Map(Object.entries(files)),
    complete: true,
  };
  const storage = { name: 'files', inventory: async () => inventory } as unknown as Storage;
  return checkReleaseFiles(release, storage, signal);
}

describe('a file whose name changes with its content', () => {
  const file = { 'app.1234.css': FACTS };
  const missing = {
    code: 'target',
    message:
      "Release 'v1' is incomplete. Missing, or not as they were published: 'app.1234.css'. Collect it again.",
  };

  it.each<[string, Record<string, Partial<StoredFile>>]>([
    ['with its size, without a look at its bytes', { 'app.1234.css': { size: 3 } }],
    ['as a link', { 'app.1234.css': { kind: 'link', size: 99 } }],
  ])('is there %s', async (_, stored) => {
    const inventory = inventoryOf(stored, { digest: () => expect.fail('It looked.') });
    expect(await check(file, inventory)).toEqual([]);
  });

  it.each<[string, Record<string, Partial<StoredFile>>]>([
    ['where nothing is', {}],
    ['where a folder is', { 'app.1234.css': { kind: 'directory', size: 3 } }],
    ['with another size', { 'app.1234.css': { size: 4 } }],
    ['in an unknown encoding', { 'app.1234.css': { size: 3, encoding: 'gzip' } }],
  ])('is missing %s', async (_, stored) => {
    await expect(check(file, digesting(stored))).rejects.toMatchObject(missing);
  });

  it('is there with its content in another encoding', async () => {
    const inventory = inventoryOf(
      { 'app.1234.css': { size: 9, encoding: 'br' } },
      { hasHeaders: () => true, decodesTo: async (_, encoding) => encoding === 'br' },
    );
    expect(await check(file, inventory)).toEqual([]);
  });
});

describe('a file whose name stays', () => {
  it('is named if it has other bytes now', async () => {
    const files = { 'a.txt': FACTS };
    expect(await check(files, digesting({ 'a.txt': { size: 3 } }))).toEqual([]);
    expect(await check(files, digesting({ 'a.txt': { size: 3 } }, { 'a.txt': 'other' }))).toEqual(['a.txt']);
    expect(await check(files, inventoryOf({ 'a.txt': { size: 3 } }))).toEqual([]); // unknown
    expect(await check(files, digesting({ 'a.txt': { kind: 'link' } }, { 'a.txt': 'other' }))).toEqual([]);
  });

  it('is missing if nothing is there', async () => {
    await expect(check({ 'a.txt': FACTS }, digesting({}))).rejects.toThrow("'a.txt'");
  });
});

describe('a variant', () => {
  const files = { 'app.1234.css': FACTS, 'app.1234.css.gz': FACTS };

  it('may be missing beside its file, and is checked if it is there', async () => {
    expect(await check(files, digesting({ 'app.1234.css': { size: 3 } }))).toEqual([]);
    const stored = { 'app.1234.css': { size: 3 }, 'app.1234.css.gz': { size: 4 } };
    await expect(check(files, digesting(stored))).rejects.toThrow("'app.1234.css.gz'");
  });

  it('must not be missing if it is a file of its own', async () => {
    await expect(check({ 'app.1234.css.gz': FACTS }, digesting({}))).rejects.toThrow("'app.1234.css.gz'");
  });
});

it('a release that another run may still delete is refused, and others are not', async () => {
  const quiet = { since: new Date(0), until: new Date(1000), going: ['v1'] };
  await expect(check({}, inventoryOf({}, { quiet }))).rejects.toMatchObject({
    code: 'target',
    message: expect.stringContaining('activate it after 1970-01-01T00:00:01.000Z'),
  });
  expect(await check({}, inventoryOf({}, { quiet: { ...quiet, going: ['v2'] } }))).toEqual([]);
});

describe('the bytes of a file', () => {
  const has = (stored: Partial<StoredFile>, file: ReleaseFile, more: Partial<Inventory> = {}) =>
    hasPublishedBytes(inventoryOf({ a: { size: 3, ...stored } }, more), 'a', file);
  const digest = async () => SHA384;

  it('are compared by the hash that the storage knows, or else computes', async () => {
    const unasked = { digest: () => expect.fail('It computed.') };
    expect(await has({ hash: SHA384, hashAlgorithm: 'sha384' }, FACTS, unasked)).toBe(true);
    expect(await has({ hash: 'other', hashAlgorithm: 'sha384' }, FACTS, unasked)).toBe(false);
    const proof = { kind: 'hash', algorithm: 'sha384' } as const;
    expect(await has({ hash: SHA384 }, FACTS, { ...unasked, proof })).toBe(true);
    expect(await has({ hash: 'md5', hashAlgorithm: 'md5' }, FACTS, { digest, proof })).toBe(true);
    expect(await has({}, FACTS, { digest })).toBe(true);
  });

  it('are other ones if there is no file', async () => {
    for (const kind of ['link', 'directory', 'other'] as const)
      expect(await has({ kind }, FACTS, { digest })).toBe(false);
    expect(await hasPublishedBytes(inventoryOf({}), 'a', FACTS)).toBe(false);
  });

  it('are unknown without a hash on either side', async () => {
    expect(await has({}, FACTS)).toBeUndefined();
    expect(await has({}, { size }, { digest })).toBeUndefined();
    expect(await has({}, { size, integrity: 'md5-x' }, { digest })).toBeUndefined();
  });

  it('are not computed if the size is another one', async () => {
    const computing = vi.fn(digest);
    expect(await has({ size: 4 }, FACTS, { digest: computing })).toBe(false);
    expect(computing).not.toHaveBeenCalled();
  });

  it('may be the content as it is, if it was stored encoded', async () => {
    const encoded = { ...FACTS, stored: { size: 9, integrity: 'sha384-encoded', encoding: 'gzip' } };
    expect(await has({}, encoded, { digest })).toBe(true);
    expect(await has({}, encoded, { digest: async () => 'other' })).toBe(false);
  });

  it.each<[boolean, Partial<StoredFile>, Partial<Inventory>]>([
    [true, { encoding: 'gzip' }, { hasHeaders: () => true }],
    [false, { encoding: 'identity' }, { hasHeaders: () => true }],
    [true, {}, { hasHeaders: () => true }],
    [false, {}, {}],
  ])('may be the content in another encoding: %s for %j', async (expected, stored, more) => {
    const decodesTo = vi.fn(async (_: string, encoding: string) => encoding === 'gzip');
    expect(await has({ size: 9, ...stored }, FACTS, { ...more, digest, decodesTo })).toBe(expected);
    if (expected) expect(decodesTo).toHaveBeenCalledWith('a', 'gzip', { size, integrity });
  });

  it('of a variant are compared as they are', async () => {
    const decodesTo = () => expect.fail('It decoded.');
    const more = { hasHeaders: () => true, decodesTo, digest };
    expect(await has({ size: 9 }, { ...FACTS, stored: FACTS }, more)).toBe(false);
  });
});

it('bytes can be compared by a digest, or by SHA-384', () => {
  const by = (algorithm: string) => canCompareBytes(inventoryOf({}, { proof: { kind: 'hash', algorithm } }));
  expect([by('sha384'), by('md5'), canCompareBytes(inventoryOf({}))]).toEqual([true, false, false]);
  expect(canCompareBytes(digesting({}))).toBe(true);
});
