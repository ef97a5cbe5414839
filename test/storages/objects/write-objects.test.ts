import { describe, expect, it, vi } from 'vitest';
import { HEAD_NAME, INDEX_NAME } from '../../../src/storages/destination.js';
import type { Head } from '../../../src/storages/objects/head-object.js';
import type { HeaderRules } from '../../../src/storages/objects/headers.js';
import type { KnownObject } from '../../../src/storages/objects/index-file.js';
import {
  ConditionFailed,
  type ObjectHeaders,
  type ObjectStore,
  type PutOptions,
} from '../../../src/storages/objects/object-store.js';
import type { Publishing } from '../../../src/storages/objects/publisher.js';
import {
  refuseInternalNames,
  removeObjects,
  writeObjects,
} from '../../../src/storages/objects/write-objects.js';
import type { WriteRequest } from '../../../src/storages/storage.js';
import { leapingClock } from '../../support/leaping-clock.js';
import { type MemoryStore, memoryStore } from '../../support/memory-store.js';
import { SIGNAL } from '../../support/objects.js';
import { made, original } from '../../support/outputs.js';

const HEADERS: ObjectHeaders = { contentType: 'text/css', cacheControl: 'no-cache', metadata: {} };
const OTHER_HEADERS: ObjectHeaders = { ...HEADERS };
const RULES: HeaderRules = { headersOf: () => HEADERS, known: (headers) => headers };

const HELD: Head = {
  ...{ run: 'ours', seq: 1, state: 'held', index: null, published: null },
  ...{ lost: null, going: null, conditional: true },
};

interface World {
  readonly store?: Partial<ObjectStore>;
  readonly head?: Partial<Head>;
  readonly conditional?: boolean;
  readonly indexed?: boolean;
  readonly renews?: boolean;
  readonly objects?: Readonly<Record<string, Partial<KnownObject>>>;
}

/** What a run works with that holds `memory://bucket/s/`, and the order of what it does. */
function worldOf({
  store: calls,
  head,
  conditional = true,
  indexed = true,
  renews = false,
  objects = {},
}: World) {
  const memory = memoryStore();
  const steps: string[] = [];
  const puts: PutOptions[] = [];
  const store: MemoryStore = {
    ...memory,
    put(key, body, options) {
      steps.push(`put ${key}`);
      puts.push(options);
      return memory.put(key, body, options);
    },
    putHeaders(key, options) {
      steps.push(`headers ${key}`);
      puts.push(options);
      return memory.putHeaders!(key, options);
    },
    ...calls,
  };
  const known = new Map(Object.entries(objects).map(([path, object]) => [path, { size: 1, ...object }]));
  let written = { ...HELD, ...head };
  const publishing: Publishing = {
    destination: {
      ...{ store, prefix: 's/', name: 'memory://bucket/s/', indexed, conditional },
      ...{ clock: leapingClock(), endedRuns: new Set<string>(), warn() {} },
    },
    hold: {
      get head() {
        return written;
      },
      ...{ conditional, isTakenOver: false, lost: SIGNAL },
      async prove() {
        steps.push('prove');
      },
      async write(changes) {
        steps.push(`head ${JSON.stringify(changes)}`);
        written = { ...written, ...changes };
      },
      async giveBack() {},
    },
    ...{ objects: known, renews, signal: SIGNAL },
    note(publicPath, object) {
      steps.push(`note ${publicPath}`);
      if (object) known.set(publicPath, object);
      else known.delete(publicPath);
    },
    async saveIndex() {
      steps.push('save index');
    },
  };
  return { publishing, known, steps, puts, store: memory };
}

const request = (publicPath: string, more: Partial<WriteRequest> = {}): WriteRequest => {
  const output = made(publicPath);
  return { publicPath, body: output.body, output, link: false, ...more };
};

const MANIFEST = made('staticfiles.json', '{}', { role: 'manifest' });
const manifest = request('staticfiles.json', { output: MANIFEST, body: MANIFEST.body });
const named = made('a.1234.css', 'a', { logicalPath: 'a.css' });
const fingerprinted = request('a.1234.css', { output: named, body: named.body });

/** Writes files one after the other. */
async function write(files: readonly WriteRequest[], world: World = {}) {
  const made = worldOf(world);
  const done: string[] = [];
  const progress: (readonly [count: number, bytes: number | undefined])[] = [];
  const writing = writeObjects(
    files,
    made.publishing,
    { rules: RULES, limit: 1 },
    {
      ...{ signal: SIGNAL, hadManifest: false },
      done: ({ publicPath }) => done.push(publicPath),
      progress: (count, bytes) => progress.push([count, bytes]),
    },
  );
  await writing;
  return { ...made, done, progress };
}

describe('writeObjects()', () => {
  it('sends each file and notes what is there then', async () => {
    const { known, done, progress, steps } = await write([request('a.css'), request('img/b.svg')]);
    expect(steps).toEqual(['put s/a.css', 'note a.css', 'put s/img/b.svg', 'note img/b.svg']);
    expect(done).toEqual(['a.css', 'img/b.svg']);
    expect(progress).toEqual([
      [1, 5],
      [2, 14],
    ]);
    expect(known.get('a.css')).toEqual({
      ...{ size: 5, hashAlgorithm: 'sha384', version: 'v1', headers: HEADERS, unusedSince: 0 },
      hash: expect.stringMatching(/^[0-9a-f]{96}$/),
    });
  });

  it('proves the hold before a manifest, which is never called unused', async () => {
    const { steps, known } = await write([request('a.css'), manifest]);
    expect(steps.slice(2)).toEqual(['prove', 'put s/staticfiles.json', 'note staticfiles.json']);
    expect(known.get('staticfiles.json')).not.toHaveProperty('unusedSince');
  });

  it.each<[title: string, file: WriteRequest, known: Partial<KnownObject> | undefined, condition: unknown]>([
    ['a new file must be absent', request('a.css'), undefined, { absent: true }],
    ['a file must have the version that was seen', request('a.css'), { version: 'v1' }, { version: 'v1' }],
    ['a file whose version is unknown is replaced', request('a.css'), {}, undefined],
    [
      'a fingerprinted file is replaced, since it has the same bytes',
      fingerprinted,
      { version: 'v1' },
      undefined,
    ],
    ['a manifest must have the version that was seen', manifest, { version: 'v1' }, { version: 'v1' }],
  ])('%s', async (_, file, known, condition) => {
    const objects = known && { [file.publicPath]: { headers: HEADERS, ...known } };
    const store = { put: async () => ({ version: 'v2' }) };
    const seen: unknown[] = [];
    await write([file], {
      ...(objects && { objects }),
      store: {
        ...store,
        put(_, __, options) {
          seen.push(options.condition, 'condition' in options);
          return store.put();
        },
      },
    });
    expect(seen).toEqual([condition, condition !== undefined]);
  });

  it('gives no condition where conditions do not count', async () => {
    const { puts } = await write([request('a.css')], { conditional: false });
    expect(puts[0]).not.toHaveProperty('condition');
  });

  it('is overtaken if a condition is not met', async () => {
    const put = () => Promise.reject(new ConditionFailed('412'));
    await expect(write([request('a.css')], { store: { put } })).rejects.toMatchObject({
      code: 'overtaken',
      message:
        "Another run or program has written to 'memory://bucket/s/' since this run looked. Run again when it has finished.",
    });
  });

  it('renews objects whose old versions may still be deleted', async () => {
    const objects = { 'a.css': { version: 'v1' } };
    const store = memoryStore();
    const renewed: unknown[] = [];
    const put: ObjectStore['put'] = (key, body, { renew, condition: _, ...rest }) => {
      renewed.push(renew);
      return store.put(key, body, rest);
    };
    await write([request('a.css'), request('b.css')], { renews: true, objects, store: { put } });
    await write([request('a.css')], { objects, store: { put } });
    expect(renewed).toEqual([{ unlike: 'v1' }, { unlike: undefined }, undefined]);
  });

  it('forgets headers before it changes them, and saves that', async () => {
    const objects = { 'a.css': { headers: OTHER_HEADERS }, 'b.css': { headers: HEADERS }, 'c.css': {} };
    const files = ['a.css', 'b.css', 'c.css', 'd.css'].map((path) => request(path));
    const { steps } = await write(files, { objects });
    expect(steps.slice(0, 3)).toEqual(['note a.css', 'save index', 'put s/a.css']);
    expect(steps.filter((step) => step === 'save index')).toHaveLength(1);
    const without = await write(files, { objects, indexed: false });
    expect(without.steps.slice(0, 2)).toEqual(['note a.css', 'put s/a.css']);
  });

  describe('new headers', () => {
    const file = request('a.css', { headersOnly: true });
    /** A store that has `a.css` in the version that is known. */
    const withObject = (changes: Partial<ObjectStore> = {}) => ({
      objects: {
        'a.css': { size: 5, version: 'v1', hash: 'h', hashAlgorithm: 'md5', foreign: true } as const,
      },
      store: {
        async putHeaders() {
          return { version: 'v2' };
        },
        ...changes,
      },
    });

    it('are sent without the bytes', async () => {
      const { known, progress, steps } = await write([file], withObject());
      expect(steps).toEqual(['note a.css']);
      expect(progress).toEqual([[1, 0]]);
      expect(known.get('a.css')).toEqual({
        ...{ size: 5, version: 'v2', hash: 'h', hashAlgorithm: 'md5', headers: HEADERS },
      });
    });

    it.each<[title: string, changes: Partial<ObjectStore>, bytes: number]>([
      ['sent without them up to a size', { putsHeadersUpTo: 5 }, 0],
      ['sent with them above it', { putsHeadersUpTo: 4 }, 5],
      [
        'sent with them if the service turns out to have no such call',
        { putHeaders: async () => undefined },
        5,
      ],
    ])('are %s', async (_, changes, bytes) => {
      const put = async () => ({ version: 'v3' });
      expect((await write([file], withObject({ put, ...changes }))).progress).toEqual([[1, bytes]]);
    });

    it('are sent with the bytes if the object is unknown', async () => {
      expect((await write([file])).steps).toEqual(['put s/a.css', 'note a.css']);
    });
  });

  it('says first that the deletions before it are done', async () => {
    const head = { state: 'deleting', going: ['v1'] } as const;
    expect((await write([request('a.css')], { head })).steps).toEqual([
      ...['head {"state":"held","going":null}', 'put s/a.css', 'note a.css'],
    ]);
  });

  it.each([
    [true, 2],
    [false, 0],
  ])('saves the index every half a minute (with an index: %j)', async (indexed, saves) => {
    const clock = vi.spyOn(Date, 'now').mockReturnValue(0);
    const put = async () => {
      clock.mockReturnValue(Date.now() + 10_000);
      return { version: 'v' };
    };
    const files = Array.from({ length: 7 }, (_, index) => request(`${index}.css`));
    const { steps } = await write(files, { indexed, store: { put } });
    clock.mockRestore();
    expect(steps.filter((step) => step === 'save index')).toHaveLength(saves);
    if (indexed) expect(steps.slice(0, 4)).toEqual(['note 0.css', 'note 1.css', 'note 2.css', 'save index']);
  });
});

describe('removeObjects()', () => {
  async function remove(paths: readonly string[], world: World = {}, going?: readonly string[]) {
    const made = worldOf(world);
    const done: string[] = [];
    const removing = removeObjects(paths, made.publishing, 1, {
      ...{ signal: SIGNAL, done: ({ publicPath }) => done.push(publicPath) },
      ...(going && { going }),
    });
    await removing;
    return { ...made, done };
  }

  /** Notes what is removed. */
  function removing(result?: readonly string[], removesAtOnce?: number) {
    const removed: unknown[] = [];
    const remove: ObjectStore['remove'] = async (keys, _, versions) => {
      removed.push([keys, versions && [...versions]]);
      return result;
    };
    return { removed, store: { remove, ...(removesAtOnce && { removesAtOnce }) } };
  }

  it('says so in the head, and proves the hold before each request', async () => {
    const { store, removed } = removing();
    const objects = { 'a.css': { version: 'v1' }, 'b.css': {} };
    const { steps, done, known } = await remove(['a.css', 'b.css'], { store, objects }, ['v7']);
    expect(steps).toEqual([
      ...['head {"state":"deleting","going":["v7"],"lost":null}'],
      ...['prove', 'note a.css', 'prove', 'note b.css'],
    ]);
    expect(removed).toEqual([
      [['s/a.css'], [['s/a.css', 'v1']]],
      [['s/b.css'], []],
    ]);
    expect([done, known.size]).toEqual([['a.css', 'b.css'], 0]);
  });

  it('removes as many at once as the service allows', async () => {
    const { store, removed } = removing(undefined, 2);
    const { steps } = await remove(['a', 'b', 'c'], { store });
    expect(removed).toEqual([
      [['s/a', 's/b'], []],
      [['s/c'], []],
    ]);
    expect(steps.filter((step) => step === 'prove')).toHaveLength(2);
    expect(steps[0]).toBe('head {"state":"deleting","going":[],"lost":null}');
  });

  it('gives no versions where conditions do not count', async () => {
    const { store, removed } = removing();
    await remove(['a'], { store, conditional: false, objects: { a: { version: 'v1' } } });
    expect(removed).toEqual([[['s/a'], undefined]]);
  });

  it('does not report an object that somebody has replaced, and forgets it', async () => {
    const { store } = removing(['s/a'], 2);
    const { done, known } = await remove(['a', 'b'], { store, objects: { a: {}, b: {} } });
    expect([done, known.size]).toEqual([['b'], 0]);
  });

  it.each<[head: Partial<Head>, going: string[], writes: number]>([
    [{ state: 'deleting', going: ['v1', 'v2'] }, ['v1'], 0],
    [{ state: 'deleting', going: ['v1'] }, ['v1', 'v2'], 1],
    [{ state: 'deleting', going: null }, ['v1'], 1],
    [{ state: 'deleting', going: [] }, [], 0],
    [{ state: 'held', going: ['v1'] }, ['v1'], 1],
  ])('with the head %j, and %j going, it writes the head %i times', async (head, going, writes) => {
    const { steps } = await remove(['a'], { head, store: removing().store }, going);
    expect(steps.filter((step) => step.startsWith('head'))).toHaveLength(writes);
  });
});

describe('refuseInternalNames()', () => {
  it.each([HEAD_NAME, `docs/${INDEX_NAME}`])('refuses %s', (publicPath) => {
    const output = original(publicPath);
    expect(() =>
      refuseInternalNames([request('a.css'), { publicPath, body: output.body, output, link: false }]),
    ).toThrow(
      `'/src/${publicPath}' would be published as '${publicPath}', a name that is reserved for the storage. Rename or ignore the file.`,
    );
    expect(() => refuseInternalNames([request(publicPath)])).toThrow(`'${publicPath}' would be published`);
  });

  it('accepts all others', () => {
    refuseInternalNames([request('a.css'), request(`${HEAD_NAME}/a.css`)]);
  });
});
