import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { contentInfo } from '../../../src/model/content.js';
import { HEAD_NAME, INDEX_NAME } from '../../../src/storages/destination.js';
import { type Head, headBytes } from '../../../src/storages/objects/head-object.js';
import { indexBytes, type KnownObject } from '../../../src/storages/objects/index-file.js';
import { objectStorageBy } from '../../../src/storages/objects/object-storage.js';
import type { ObjectHeaders } from '../../../src/storages/objects/object-store.js';
import type { ObjectStorageOptions } from '../../../src/storages/objects/options.js';
import { leapingClock } from '../../support/leaping-clock.js';
import { type MemoryStore, memoryStore } from '../../support/memory-store.js';
import { bodyOf, putOptions, SIGNAL } from '../../support/objects.js';
import { made } from '../../support/outputs.js';

const CSS: ObjectHeaders = {
  ...{ contentType: 'text/css; charset=utf-8', cacheControl: 'public, max-age=60', metadata: {} },
};
const FREE: Head = {
  ...{ run: 'before', seq: 1, state: 'free', index: null, published: null },
  ...{ lost: null, going: null, conditional: true },
};

const put = async (store: MemoryStore, key: string, content: string | Buffer) =>
  (await store.put(key, bodyOf(content), putOptions())).version;

/** A destination at `s/` whose index has these objects, and how the run before has left it. */
async function destination(
  objects: Readonly<Record<string, Partial<KnownObject>>> = {},
  head: Partial<Head> = {},
) {
  const store = memoryStore({ conditional: true });
  const known = new Map<string, KnownObject>();
  for (const [path, object] of Object.entries(objects))
    known.set(path, { size: path.length, version: await put(store, `s/${path}`, path), ...object });
  const place = 'memory://bucket/s/';
  const index = await put(store, `s/${INDEX_NAME}`, indexBytes({ place, others: false, objects: known }));
  await put(store, `s/${HEAD_NAME}`, headBytes({ ...FREE, index, ...head }));
  return store;
}

const storageAt = (store: MemoryStore, options: ObjectStorageOptions = {}) =>
  objectStorageBy(leapingClock(), store, { prefix: 's', ...options });

const inventoryAt = async (store: MemoryStore, options: ObjectStorageOptions = {}) =>
  (await storageAt(store, options)).inventory(SIGNAL);

describe('a storage', () => {
  it('has the URL of its files only if that is set', async () => {
    const publicUrl = 'https://cdn.test/';
    expect(await storageAt(memoryStore(), { publicUrl })).toMatchObject({ publicUrl });
    expect(await storageAt(memoryStore())).not.toHaveProperty('publicUrl');
  });

  it('has the globs of its headers, and their place in the settings', async () => {
    const headers = { '*.css': { 'cache-control': 'no-cache' } };
    expect((await storageAt(memoryStore(), { headers })).globs).toEqual({ "headers['*.css']": '*.css' });
    expect((await storageAt(memoryStore())).globs).toEqual({});
  });

  it('names itself in errors of its options', async () => {
    const headers = { '*.css': { 'x-other': 'a' } as object };
    await expect(storageAt(memoryStore(), { headers })).rejects.toThrow("storage 'memory': headers['*.css']");
  });

  it('closes its store, if that can be closed', async () => {
    const close = vi.fn(async () => {});
    await (await storageAt({ ...memoryStore(), close })).close!();
    expect(close).toHaveBeenCalledOnce();
    await (await storageAt(memoryStore())).close!();
  });

  it.each<[title: string, own: ObjectStorageOptions, ofStore: number | undefined, expected: number]>([
    ['eight', {}, undefined, 8],
    ["as many as the store's", {}, 3, 3],
    ['as many as its option says', { concurrency: 2 }, 3, 2],
  ])('makes %s requests at a time', async (_, own, concurrency, expected) => {
    let [running, most] = [0, 0];
    const memory = await destination();
    const store: MemoryStore = {
      ...memory,
      ...(concurrency !== undefined && { concurrency }),
      async put(...put_) {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 5));
        running -= 1;
        return memory.put(...put_);
      },
    };
    const storage = await storageAt(store, own);
    await storage.inventory(SIGNAL);
    const files = Array.from({ length: 20 }, (_, index) => {
      const output = made(`${index}.css`);
      return { publicPath: output.publicPath, output, body: output.body, link: false };
    });
    await storage.write(files, { signal: SIGNAL, done() {} });
    expect(most).toBe(expected);
  });

  it('does nothing at all to remove nothing', async () => {
    const store = memoryStore();
    await (await storageAt(store)).remove([], { signal: SIGNAL, done() {} });
    expect(store.calls).toEqual([]);
  });
});

describe('an inventory', () => {
  it('comes from the index, or from a listing', async () => {
    expect((await inventoryAt(await destination())).fromIndex).toBe(true);
    expect((await inventoryAt(memoryStore())).fromIndex).toBe(false);
  });

  it('describes files by what is known of them', async () => {
    const hash = createHash('sha384').update('a').digest('hex');
    const inventory = await inventoryAt(
      await destination({
        'a.css': { hash, hashAlgorithm: 'sha384', headers: CSS },
        'b.css': { headers: { ...CSS, contentEncoding: 'gzip' } },
        'c.css': {},
      }),
    );
    expect(inventory.get('a.css')).toEqual({
      ...{ kind: 'file', size: 5, hash, hashAlgorithm: 'sha384', encoding: 'identity' },
    });
    expect(inventory.get('b.css')).toEqual({ kind: 'file', size: 5, encoding: 'gzip' });
    expect(Object.keys(inventory.get('c.css')!)).toEqual(['kind', 'size']);
    expect(inventory.get('none.css')).toBeUndefined();
    expect([inventory.isOwn!('a.css'), inventory.isOwn!('none.css')]).toEqual([true, false]);
  });

  it('lists unused files with their times, but those of another destination further down', async () => {
    const store = await destination({
      ...{ 'a.css': { unusedSince: 5 }, 'b.css': { unusedSince: 0 }, 'c.css': {} },
      'docs/d.css': { unusedSince: 7 },
    });
    expect([...(await inventoryAt(store)).unusedFiles!()]).toEqual([
      ['a.css', 5],
      ['docs/d.css', 7],
    ]);
    await put(store, `s/docs/${INDEX_NAME}`, '{}');
    const listed = await (await storageAt(store)).inventory(SIGNAL, { refresh: true });
    expect([...listed.unusedFiles!()]).toEqual([['a.css', 5]]);
  });

  it.each<
    [
      title: string,
      known: Partial<KnownObject>,
      head: Partial<Head>,
      options: ObjectStorageOptions,
      same: boolean,
    ]
  >([
    ['has the headers that are known', { headers: CSS }, {}, {}, true],
    ['has not the headers that are known', { headers: { ...CSS, cacheControl: 'x' } }, {}, {}, false],
    ['may have others if none are known', {}, {}, {}, false],
    ['is left as it is if none are known, and no index is kept', {}, {}, { index: false }, true],
    [
      'is left as it is while a deletion may still arrive',
      { headers: { ...CSS, cacheControl: 'x' } },
      { lost: new Date().toISOString(), going: ['v1'] },
      {},
      true,
    ],
  ])('a file %s', async (_, known, head, options, same) => {
    const inventory = await inventoryAt(await destination({ 'a.css': known }, head), options);
    expect(inventory.hasHeaders!(made('a.css'))).toBe(same);
  });

  it('reads a file for its digest; one that is gone has none', async () => {
    const inventory = await inventoryAt(await destination({ 'a.css': {} }));
    const md5 = createHash('md5').update('a.css').digest('hex');
    expect(await inventory.digest!('a.css', 'md5')).toBe(md5);
    expect(await inventory.digest!('none.css', 'md5')).toBe('');
  });

  it('decodes a file; one that is gone is nothing', async () => {
    const store = await destination();
    await put(store, 's/a.css.gz', gzipSync('a {}'));
    const inventory = await inventoryAt(store);
    const content = contentInfo(Buffer.from('a {}'), 'md5');
    expect(await inventory.decodesTo!('a.css.gz', 'gzip', content)).toBe(true);
    expect(await inventory.decodesTo!('none.css.gz', 'gzip', content)).toBe(false);
  });
});
