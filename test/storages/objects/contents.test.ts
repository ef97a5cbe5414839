import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { HEAD_NAME, INDEX_NAME } from '../../../src/storages/destination.js';
import {
  isInternal,
  type ReadContentsOptions,
  readContents,
} from '../../../src/storages/objects/contents.js';
import { indexBytes, type KnownObject } from '../../../src/storages/objects/index-file.js';
import type { ObjectDestination } from '../../../src/storages/objects/object-destination.js';
import type { ListedObject, ObjectHeaders } from '../../../src/storages/objects/object-store.js';
import { leapingClock } from '../../support/leaping-clock.js';
import { type MemoryStore, memoryStore } from '../../support/memory-store.js';
import { bodyOf, putOptions, SIGNAL } from '../../support/objects.js';

const NAME = 'memory://bucket/static/';
const HEADERS: ObjectHeaders = { contentType: 'text/css', cacheControl: 'no-cache', metadata: {} };
const OTHER_HEADERS: ObjectHeaders = { ...HEADERS, cacheControl: 'max-age=60' };

function destinationOf(store: MemoryStore, changes: Partial<ObjectDestination> = {}): ObjectDestination {
  return {
    ...{ store, prefix: 'static/', name: NAME, indexed: true, conditional: true },
    ...{ clock: leapingClock(), endedRuns: new Set<string>(), warn() {} },
    ...changes,
  };
}

const read = (destination: ObjectDestination, changes: Partial<ReadContentsOptions> = {}) =>
  readContents(destination, {
    ...{ trusted: null, complete: false, conditional: true },
    ...{ known: (headers: ObjectHeaders) => headers, signal: SIGNAL },
    ...changes,
  });

const put = async (store: MemoryStore, key: string, content: string | Buffer) =>
  (await store.put(key, bodyOf(content), putOptions())).version;

const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const sha384 = (text: string) => createHash('sha384').update(text).digest('hex');

/** A store with `a.css` and `b.css`, which the index has recorded, and what the index says of them. */
async function recorded({ place = NAME, others = false } = {}) {
  const store = memoryStore();
  const objects = new Map<string, KnownObject>();
  for (const name of ['a.css', 'b.css']) {
    const version = await put(store, `static/${name}`, name);
    const hash = { hash: sha384(name), hashAlgorithm: 'sha384' } as const;
    objects.set(name, { size: name.length, version, ...hash, headers: HEADERS, unusedSince: 0 });
  }
  const index = await put(store, `static/${INDEX_NAME}`, indexBytes({ place, others, objects }));
  store.calls.length = 0;
  return { store, objects, index };
}

/** What a listing alone says of an object. */
const listed = (store: MemoryStore, name: string): KnownObject => ({
  ...{ size: name.length, version: store.objects.get(`static/${name}`)!.version },
  ...{ hash: md5(name), hashAlgorithm: 'md5', foreign: true },
});

describe('an index that can be trusted', () => {
  it('is believed, without a listing', async () => {
    const { store, objects, index } = await recorded();
    const contents = await read(destinationOf(store), { trusted: index });
    expect(contents).toMatchObject({ isListed: false, hasOthers: false, isChanged: false, isSuspect: false });
    expect(contents).toMatchObject({ objects, indexVersion: index });
    expect(contents.isElsewhere('docs/a.css')).toBe(false);
    expect(store.calls).toEqual([`read static/${INDEX_NAME}`]);
  });

  it('says that there are objects of others', async () => {
    const { store, index } = await recorded({ others: true });
    expect(await read(destinationOf(store), { trusted: index })).toMatchObject({
      isListed: false,
      hasOthers: true,
    });
  });

  it('is completed by a listing if objects of others are wanted and it says that there are some', async () => {
    const { store, objects, index } = await recorded({ others: true });
    await put(store, 'static/theirs.css', 'theirs.css');
    const contents = await read(destinationOf(store), { trusted: index, complete: true });
    expect(contents).toMatchObject({ isListed: true, hasOthers: false, isChanged: false });
    expect(contents.objects).toEqual(new Map([...objects, ['theirs.css', listed(store, 'theirs.css')]]));
  });

  it('is believed if objects of others are wanted and it says that there are none', async () => {
    const { store, index } = await recorded();
    expect(await read(destinationOf(store), { trusted: index, complete: true })).toMatchObject({
      isListed: false,
    });
  });

  it('is not believed if it was copied from another destination', async () => {
    const { store, index } = await recorded({ place: 'memory://bucket/elsewhere/' });
    const contents = await read(destinationOf(store), { trusted: index });
    expect(contents).toMatchObject({ isListed: true, isChanged: false, indexVersion: index });
    expect(contents.objects.get('a.css')).toEqual(listed(store, 'a.css'));
  });
});

describe('an index that cannot be trusted', () => {
  it('tells of the objects that still have the version it recorded', async () => {
    const { store, objects, index } = await recorded();
    const contents = await read(destinationOf(store));
    expect(contents).toMatchObject({
      isListed: true,
      isChanged: false,
      isSuspect: false,
      indexVersion: index,
    });
    expect(contents.objects).toEqual(objects);
    expect(store.calls).toEqual([`read static/${INDEX_NAME}`, 'list static/']);
  });

  it('tells nothing of objects that have changed or are gone, and says so', async () => {
    const { store, objects } = await recorded();
    await put(store, 'static/a.css', 'a.css');
    const changed = await read(destinationOf(store));
    expect(changed.isChanged).toBe(true);
    expect(changed.objects).toEqual(new Map([...objects, ['a.css', listed(store, 'a.css')]]));
    store.objects.delete('static/a.css');
    const gone = await read(destinationOf(store));
    expect([gone.isChanged, [...gone.objects.keys()]]).toEqual([true, ['b.css']]);
  });

  it('is believed in its headers only if one run at a time can have written it', async () => {
    const { store } = await recorded();
    const headersIn = async (conditional: boolean) =>
      (await read(destinationOf(store), { conditional })).objects.get('a.css')!.headers;
    expect(await headersIn(true)).toEqual(HEADERS);
    expect(await headersIn(false)).toBeUndefined();
  });
});

describe('a listing', () => {
  const listing = (objects: readonly ListedObject[]) =>
    memoryStore({
      async *list() {
        yield objects.slice(0, 1);
        yield objects.slice(1);
      },
    });

  it('wins over the headers that the index has recorded', async () => {
    const { store, objects } = await recorded();
    const { version } = objects.get('a.css')!;
    const telling = memoryStore({
      read: store.read,
      list: async function* () {
        yield [{ key: 'static/a.css', size: 5, version: version!, headers: OTHER_HEADERS }];
      },
    });
    const { objects: found } = await read(destinationOf(telling));
    expect(found.get('a.css')).toEqual({ ...objects.get('a.css'), headers: OTHER_HEADERS });
  });

  it('gives equal headers as one object', async () => {
    const kept: ObjectHeaders[] = [];
    const known = (headers: ObjectHeaders) => {
      kept.push(headers);
      return HEADERS;
    };
    const store = listing([{ key: 'static/a.css', size: 1, headers: { ...HEADERS } }]);
    const { objects } = await read(destinationOf(store), { known });
    expect(objects.get('a.css')!.headers).toBe(HEADERS);
    expect(kept).toEqual([HEADERS]);
  });

  it('may lack version, MD5 and headers', async () => {
    const { objects } = await read(destinationOf(listing([{ key: 'static/a.css', size: 7 }])));
    expect(Object.entries(objects.get('a.css')!)).toEqual([
      ['size', 7],
      ['foreign', true],
    ]);
  });

  it('has the time of the head, and leaves out what cannot be published', async () => {
    const store = listing([
      { key: `static/${HEAD_NAME}`, size: 1, version: 'h', modified: 1234 },
      { key: 'static/', size: 0 },
      { key: `static/${INDEX_NAME}`, size: 1, version: 'i' },
      { key: 'static/a//b.css', size: 1 },
      { key: 'static/a.css', size: 1 },
    ]);
    const contents = await read(destinationOf(store));
    expect(contents).toMatchObject({ headModified: 1234, indexVersion: 'i' });
    expect([...contents.objects.keys()]).toEqual(['a.css']);
  });

  it('without a head has no time of it', async () => {
    expect(await read(destinationOf(memoryStore()))).not.toHaveProperty('headModified');
  });

  it.each([HEAD_NAME, INDEX_NAME])('shows destinations further down by their %s', async (name) => {
    const store = listing([
      { key: `static/docs/${name}`, size: 1 },
      { key: 'static/docs/a.css', size: 1 },
      { key: 'static/docsy/a.css', size: 1 },
    ]);
    const contents = await read(destinationOf(store));
    expect([...contents.objects.keys()]).toEqual(['docs/a.css', 'docsy/a.css']);
    expect(['docs/a.css', 'docs/x/y.css', 'docsy/a.css', 'a.css'].map(contents.isElsewhere)).toEqual([
      ...[true, true, false, false],
    ]);
  });
});

describe('a run without an index', () => {
  it('lists, and does not read one', async () => {
    const store = memoryStore();
    await put(store, 'static/a.css', 'a.css');
    store.calls.length = 0;
    const contents = await read(destinationOf(store, { indexed: false }));
    expect(contents).toMatchObject({ isListed: true, isSuspect: false, indexVersion: undefined });
    expect(store.calls).toEqual(['list static/']);
  });

  it('finds nothing wrong with a good index, and something with one that it cannot use', async () => {
    const { store, index } = await recorded();
    const plain = destinationOf(store, { indexed: false });
    expect(await read(plain)).toMatchObject({ isSuspect: false, indexVersion: index });
    for (const content of [
      'damaged',
      indexBytes({ place: 'elsewhere', others: false, objects: new Map() }),
    ]) {
      await put(store, `static/${INDEX_NAME}`, content);
      expect(await read(plain)).toMatchObject({ isSuspect: true });
    }
  });

  it('finds nothing wrong with an index that has just gone', async () => {
    const store = listingOnly(`static/${INDEX_NAME}`);
    expect(await read(destinationOf(store, { indexed: false }))).toMatchObject({ isSuspect: false });
  });
});

/** A store whose listing has an object that cannot be read any more. */
const listingOnly = (key: string) =>
  memoryStore({
    async *list() {
      yield [{ key, size: 1, version: 'v' }];
    },
  });

it.each([
  [HEAD_NAME, true],
  [INDEX_NAME, true],
  [`docs/${HEAD_NAME}`, true],
  [`docs/x/${INDEX_NAME}`, true],
  [`${HEAD_NAME}/a.css`, false],
  [`x${INDEX_NAME}`, false],
  ['a.css', false],
])('isInternal(%j) is %j', (publicPath, expected) => {
  expect(isInternal(publicPath)).toBe(expected);
});
