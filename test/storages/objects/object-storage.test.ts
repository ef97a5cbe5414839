import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CollectOptions } from '../../../src/collectstatic.js';
import { collectstatic } from '../../../src/collectstatic.js';
import type { CodingName } from '../../../src/model/content-encoding.js';
import { ENCODINGS } from '../../../src/model/encode.js';
import { compress } from '../../../src/processors/compress/processor.js';
import { prune } from '../../../src/prune/prune.js';
import { activateRelease } from '../../../src/releases/activate.js';
import { listReleases } from '../../../src/releases/list.js';
import { HEAD_NAME, INDEX_NAME } from '../../../src/storages/destination.js';
import { parseHead } from '../../../src/storages/objects/head-object.js';
import { parseIndex } from '../../../src/storages/objects/index-file.js';
import { objectStorage, objectStorageBy } from '../../../src/storages/objects/object-storage.js';
import { ConditionFailed, type ObjectStore } from '../../../src/storages/objects/object-store.js';
import type { ObjectStorageOptions } from '../../../src/storages/objects/options.js';
import { builtSettings } from '../../support/built-settings.js';
import { dyingStore } from '../../support/dying-store.js';
import { leapingClock } from '../../support/leaping-clock.js';
import { type MemoryStore, memoryStore } from '../../support/memory-store.js';
import { SIGNAL } from '../../support/objects.js';
import { newProject, type Project } from '../../support/project.js';
import { renamingProcessor } from '../../support/renaming-processor.js';

const FILES = { 'a.css': 'static/a.css', 'img/b.png': 'static/img/b.png' };
const WITH_NEW_FILE = { ...FILES, 'c.css': 'static/c.css' };

function newSite(): Project {
  return newProject({ 'static/a.css': 'a{}', 'static/img/b.png': 'png' });
}

/** One run of a new process, which knows only what the store has. */
async function collect(
  project: Project,
  store: ObjectStore,
  options: CollectOptions = {},
  storageOptions: ObjectStorageOptions = {},
  files: Readonly<Record<string, string>> = FILES,
) {
  const storage = await objectStorageBy(leapingClock(), store, storageOptions);
  const settings = builtSettings(project, files, { storage, processors: [renamingProcessor] });
  return collectstatic(settings, options);
}

/** The calls of a run. */
async function callsOf(store: MemoryStore, run: () => Promise<unknown>): Promise<string[]> {
  store.calls.length = 0;
  await run();
  return [...store.calls];
}

function indexIn(store: MemoryStore, prefix = '') {
  return parseIndex(Buffer.from(store.objects.get(prefix + INDEX_NAME)!.text))!;
}

function headIn(store: MemoryStore) {
  return parseHead(Buffer.from(store.objects.get(HEAD_NAME)!.text));
}

/** Whether the next run trusts the index. */
function isIndexRight(store: MemoryStore): boolean {
  const { state, index, lost } = headIn(store);
  return state === 'free' && lost === null && index === store.objects.get(INDEX_NAME)?.version;
}

describe('a storage of objects', () => {
  it('makes one request if nothing has changed', async () => {
    const [project, store] = [newSite(), memoryStore()];
    await collect(project, store);
    expect(await callsOf(store, () => collect(project, store))).toEqual([`read ${HEAD_NAME}`]);
  });

  it('takes the head, sends new files, manifests and index, and gives the head back', async () => {
    const [project, store] = [newSite(), memoryStore()];
    await collect(project, store);
    project.write({ 'static/c.css': 'c{}' });
    const calls = await callsOf(store, () => collect(project, store, {}, {}, WITH_NEW_FILE));
    expect(calls).toEqual([
      `read ${HEAD_NAME}`,
      `read ${INDEX_NAME}`,
      `put ${HEAD_NAME}`,
      'put c.css',
      expect.stringMatching(/^put c\.\w+\.css$/), // with a fingerprint; without it, eight requests
      'put staticfiles.details.json',
      'put staticfiles.json',
      `put ${INDEX_NAME}`,
      `put ${HEAD_NAME}`,
    ]);
  });

  it('makes two requests if nothing has changed and another command was there since', async () => {
    const [project, store] = [newSite(), memoryStore()];
    await collect(project, store);
    const head = store.objects.get(HEAD_NAME)!;
    const text = JSON.stringify({ ...headIn(store), published: null });
    store.objects.set(HEAD_NAME, { ...head, text });
    expect(await callsOf(store, () => collect(project, store))).toEqual([
      `read ${HEAD_NAME}`,
      `read ${INDEX_NAME}`,
    ]);
  });

  it('finds out once whether a service honours conditions', async () => {
    const [project, store] = [newSite(), memoryStore()];
    const calls = await callsOf(store, () => collect(project, store));
    expect(calls.filter((call) => call === `put ${HEAD_NAME}`)).toHaveLength(5); // three to find out, and two to take and give back
    expect(headIn(store).conditional).toBe(true);
  });

  it('does not test a service that says that it honours conditions', async () => {
    const [project, store] = [newSite(), memoryStore({ conditional: true })];
    const calls = await callsOf(store, () => collect(project, store));
    expect(calls.filter((call) => call === `put ${HEAD_NAME}`)).toHaveLength(2);
  });

  it('keeps the files below a prefix, and shows its address', async () => {
    const [project, store] = [newSite(), memoryStore()];
    const report = await collect(project, store, {}, { prefix: 'site/static' });
    expect(report.displayUrl).toBe('memory://bucket/site/static/');
    expect([...store.objects.keys()].every((key) => key.startsWith('site/static/'))).toBe(true);
    expect(indexIn(store, 'site/static/').place).toBe('memory://bucket/site/static/');
  });

  it('gives names with a fingerprint a year, and others a minute', async () => {
    const [project, store] = [newSite(), memoryStore()];
    await collect(project, store);
    const cacheControls = Object.fromEntries(
      Array.from(store.objects, ([key, { headers }]) => [key, headers.cacheControl]),
    );
    expect(cacheControls).toMatchObject({
      'a.css': 'public, max-age=60',
      'staticfiles.json': 'no-cache',
    });
    const renamed = Object.keys(cacheControls).filter((key) => /^a\..+\.css$/.test(key));
    expect(renamed.map((key) => cacheControls[key])).toEqual(['public, max-age=31536000, immutable']);
    expect(store.objects.get('a.css')!.headers.contentType).toBe('text/css; charset=utf-8');
  });

  it('treats undefined as absent, in all options', async () => {
    const [project, store] = [newSite(), memoryStore()];
    await collect(project, store);
    const nothing = {
      ...{ prefix: undefined, publicUrl: undefined, maxAge: undefined, encoding: undefined },
      ...{ index: undefined, concurrency: undefined },
      headers: {
        '*': undefined,
        '**': { 'Cache-Control': undefined, metadata: undefined },
        'img/*': { metadata: { Team: undefined } },
      },
    } as unknown as ObjectStorageOptions;
    const calls = await callsOf(store, () => collect(project, store, {}, nothing));
    expect(calls).toEqual([`read ${HEAD_NAME}`]);
  });

  it('applies a change of headers alone without sending bytes', async () => {
    const [project, store] = [newSite(), memoryStore()];
    await collect(project, store);
    const headers = { '*.png': {}, 'img/*': { 'Cache-Control': 'no-store', metadata: { Team: 'web' } } };
    const options = { headers };
    const run = () => collect(project, store, {}, options);
    const calls = await callsOf(store, run);
    expect(calls).toEqual([
      `read ${HEAD_NAME}`,
      `read ${INDEX_NAME}`,
      `put ${HEAD_NAME}`,
      `put ${INDEX_NAME}`, // without the headers that are about to change
      expect.stringMatching(/^headers img\/b\./),
      expect.stringMatching(/^headers img\/b\./),
      `put ${INDEX_NAME}`,
      `put ${HEAD_NAME}`,
    ]);
    expect(store.objects.get('img/b.png')!.headers).toMatchObject({
      cacheControl: 'no-store',
      metadata: { team: 'web' },
    });
    expect(await callsOf(store, run)).toEqual([`read ${HEAD_NAME}`]);
    const back = await collect(project, store);
    expect(back.counts).toMatchObject({ reheadered: 2, copied: 0, postProcessed: 0 });
  });

  it.each([{ putHeaders: undefined }, { putsHeadersUpTo: 2 }])(
    'sends the whole file for new headers if the service cannot change headers alone (%j)',
    async (change) => {
      const project = newSite();
      const { putHeaders, ...others } = memoryStore();
      const store = {
        ...others,
        ...('putHeaders' in change ? {} : { putHeaders, ...change }),
      } as MemoryStore;
      await collect(project, store);
      const calls = await callsOf(store, () => collect(project, store, {}, { maxAge: 5 }));
      expect(calls).toContain('put a.css');
      expect(calls.filter((call) => call.startsWith('headers'))).toEqual([]);
      expect(store.objects.get('a.css')).toMatchObject({
        text: 'a{}',
        headers: { cacheControl: 'public, max-age=5' },
      });
    },
  );
});

describe('the encoding inline', () => {
  const css = 'a { color: red }\n'.repeat(100);

  async function collectInline(project: Project, store: ObjectStore, encodings: readonly CodingName[]) {
    const storage = await objectStorage(store, { encoding: 'inline' });
    const processors = [renamingProcessor, compress({ encodings, originals: true })];
    return collectstatic(builtSettings(project, FILES, { storage, processors }));
  }

  it.each([
    [['br', 'gzip'] as const, 'gzip'],
    [['br'] as const, 'br'],
  ])('of %j stores %s under the plain name, and no variants', async (encodings, coding) => {
    const project = newProject({ 'static/a.css': css, 'static/img/b.png': 'png' });
    const bytes = new Map<string, Uint8Array>();
    const store = memoryStore();
    const keeping: ObjectStore = {
      ...store,
      put: (key, body, options) => {
        bytes.set(key, body.bytes());
        return store.put(key, body, options);
      },
    };
    await collectInline(project, keeping, encodings);
    expect(store.objects.get('a.css')!.headers).toMatchObject({
      contentType: 'text/css; charset=utf-8',
      contentEncoding: coding,
    });
    await expect(ENCODINGS[coding as CodingName].decompress(bytes.get('a.css')!)).resolves.toEqual(
      Buffer.from(css),
    );
    expect(store.objects.get('img/b.png')!.headers.contentEncoding).toBeUndefined();
    expect([...store.objects.keys()].filter((key) => /\.(gz|br)$/.test(key))).toEqual([]);
    const details = JSON.parse(store.objects.get('staticfiles.details.json')!.text);
    const reported = Object.entries<{ size: number }>(details.files).filter(([name]) =>
      name.startsWith('a.'),
    );
    expect(reported.map(([, { size, ...more }]) => [size, 'encodings' in more])).toEqual([
      [css.length, false],
      [css.length, false],
    ]);
    expect(await callsOf(store, () => collectInline(project, keeping, encodings))).toEqual([
      `read ${HEAD_NAME}`,
    ]);
  });
});

describe('the index', () => {
  it('is not trusted after a run died: objects that still have their version are kept, others compared', async () => {
    const [project, store] = [newSite(), memoryStore()];
    await collect(project, store);
    project.write({ 'static/a.css': 'b{}' });
    await expect(
      collect(
        project,
        dyingStore(store, (call) => call === 'put staticfiles.json'),
      ),
    ).rejects.toThrow('killed');
    expect(headIn(store).state).toBe('held');
    expect(store.objects.get('a.css')!.text).toBe('b{}');

    project.write({ 'static/a.css': 'a{}' }); // back to what the index once knew
    const calls = await callsOf(store, () => collect(project, store));
    expect(calls).toContain('list ');
    expect(store.objects.get('a.css')!.text).toBe('a{}');
    expect(calls.filter((call) => call.includes('b.png'))).toEqual([]);
    expect(headIn(store)).toMatchObject({ state: 'free', lost: expect.any(String) });
  });

  it('is trusted again when the run that died can no longer wake up', async () => {
    const [project, store] = [newSite(), memoryStore()];
    await collect(project, store);
    project.write({ 'static/a.css': 'b{}' });
    await expect(
      collect(
        project,
        dyingStore(store, (call) => call === 'put staticfiles.json'),
      ),
    ).rejects.toThrow('killed');
    await collect(project, store);
    const later = async () => {
      const storage = await objectStorageBy(leapingClock(Date.now() + 3_700_000), store);
      return collectstatic(builtSettings(project, FILES, { storage, processors: [renamingProcessor] }));
    };
    expect(await callsOf(store, later)).toContain('list ');
    expect(isIndexRight(store)).toBe(true);
    expect(await callsOf(store, later)).toEqual([`read ${HEAD_NAME}`]);
  });

  it('no longer has the headers that a run was changing when it died', async () => {
    const [project, store] = [newSite(), memoryStore()];
    await collect(project, store);
    const dying: ObjectStore = {
      ...store,
      putHeaders: async (key, options) => {
        const object = store.objects.get(key)!;
        store.objects.set(key, { ...object, headers: options.headers }); // under the same version, as on S3
        throw new Error('The process was killed.');
      },
      put: (key, body, options) => store.put(key, body, options),
    };
    await expect(collect(project, dying, {}, { maxAge: 5 })).rejects.toThrow('killed');
    const aged = () =>
      [...store.objects.values()].filter(({ headers }) => headers.cacheControl === 'public, max-age=5');
    expect(aged()).not.toEqual([]);
    await collect(project, store);
    expect(aged()).toEqual([]);
  });

  it.each([
    ['damaged', (text: string) => text.slice(0, 40)],
    ['of an older format', (text: string) => text.replace('"version":"2.0"', '"version":"1.0"')],
    ['of a format to come', (text: string) => text.replace('"version":"2.0"', '"version":"3.0"')],
    ['of another destination', (text: string) => text.replace('memory://bucket', 'memory://elsewhere')],
    ['of other entries', (text: string) => text.replace(/: \[\d+/, ': ["many"')],
  ])('is ignored if it is %s, and written again', async (_, damage) => {
    const [project, store] = [newSite(), memoryStore()];
    await collect(project, store);
    const index = store.objects.get(INDEX_NAME)!;
    const damaged = damage(index.text);
    expect(damaged).not.toBe(index.text);
    store.objects.set(INDEX_NAME, { ...index, text: damaged });
    store.objects.set(HEAD_NAME, {
      ...store.objects.get(HEAD_NAME)!,
      text: JSON.stringify({ ...headIn(store), published: null }),
    });
    const calls = await callsOf(store, () => collect(project, store));
    expect(calls).toContain('list ');
    expect(calls.filter((call) => /^put (?!\.static)/.test(call))).toEqual([]);
    expect(indexIn(store)).toMatchObject({ place: 'memory://bucket/' });
    expect(isIndexRight(store)).toBe(true);
    expect(await callsOf(store, () => collect(project, store))).toEqual([`read ${HEAD_NAME}`]);
  });

  it('is written again even if there is nothing else to do', async () => {
    const [project, store] = [newSite(), memoryStore()];
    await collect(project, store);
    // Some services list without versions.
    const telling: ObjectStore = {
      ...store,
      async *list(prefix, signal) {
        for await (const page of store.list(prefix, signal))
          yield page.map((object) => ({ ...object, headers: store.objects.get(object.key)!.headers }));
      },
    };
    store.objects.delete(INDEX_NAME);
    store.objects.delete(HEAD_NAME);
    const calls = await callsOf(store, () => collect(project, telling));
    expect(calls.slice(0, 3)).toEqual([`read ${HEAD_NAME}`, `read ${INDEX_NAME}`, 'list ']);
    expect(calls.slice(-2)).toEqual([`put ${INDEX_NAME}`, `put ${HEAD_NAME}`]);
    expect(calls.filter((call) => /^(?:put|headers) (?!\.static)/.test(call))).toEqual([]);
    expect(await callsOf(store, () => collect(project, telling))).toEqual([`read ${HEAD_NAME}`]);
  });

  it('--checksum finds files that others have changed or deleted', async () => {
    const [project, store] = [newSite(), memoryStore()];
    await collect(project, store);
    store.objects.delete('a.css');
    store.objects.set('img/b.png', { ...store.objects.get('img/b.png')!, text: 'PNG', version: 'theirs' });
    expect((await collect(project, store)).counts).toMatchObject({ copied: 0 });
    expect((await collect(project, store, { checksum: true })).counts).toMatchObject({ copied: 2 });
    expect(store.texts()).toMatchObject({ 'a.css': 'a{}', 'img/b.png': 'png' });
  });

  it('is not kept with --no-index, and an old one is removed', async () => {
    const [project, store] = [newSite(), memoryStore()];
    await collect(project, store);
    project.write({ 'static/a.css': 'b{}' });
    const calls = await callsOf(store, () => collect(project, store, { index: false }));
    expect(calls).toContain(`remove ${INDEX_NAME}`);
    expect(store.objects.has(INDEX_NAME)).toBe(false);
    const again = await callsOf(store, () => collect(project, store, {}, { index: false }));
    expect(again).toEqual([`read ${HEAD_NAME}`, 'list ']);
  });

  it('forgets the files that --clear deletes, which were published from here', async () => {
    const [project, store] = [newSite(), memoryStore()];
    await collect(project, store, {}, {}, { ...FILES, 'old.css': 'static/a.css' });
    store.objects.set('theirs.txt', store.objects.get('a.css')!);
    const report = await collect(project, store, { clear: true });
    expect(report.counts.deleted).toBe(2); // with a fingerprint too
    expect(store.objects.has('old.css')).toBe(false);
    expect(store.objects.has('theirs.txt')).toBe(true);
    const published = Object.keys(store.texts()).filter((key) => key !== 'theirs.txt');
    expect([...indexIn(store).objects.keys()].sort()).toEqual(published.sort());
  });

  it.each([true, 'all'] as const)(
    '--clear %s leaves another destination further down, and head and index',
    async (clear) => {
      const [project, store] = [newSite(), memoryStore()];
      await collect(project, store, {}, { prefix: 'static/docs' });
      const below = [...store.objects.keys()];
      store.objects.set('static/theirs.txt', store.objects.get('static/docs/a.css')!);
      await collect(project, store, {}, { prefix: 'static' });
      await collect(project, store, { clear }, { prefix: 'static' });
      expect([...store.objects.keys()]).toEqual(expect.arrayContaining(below));
      expect(store.objects.has('static/theirs.txt')).toBe(clear !== 'all');
      expect(store.objects.has(`static/${HEAD_NAME}`)).toBe(true);
    },
  );

  it.each([INDEX_NAME, HEAD_NAME, `docs/${HEAD_NAME}`])(
    '%s is a name that no file may have',
    async (name) => {
      const project = newSite();
      const storage = await objectStorage(memoryStore());
      const settings = builtSettings(project, { [name]: 'static/a.css' }, { storage });
      await expect(collectstatic(settings)).rejects.toMatchObject({
        code: 'source',
        message: expect.stringContaining(`would be published as '${name}'`),
      });
    },
  );

  it('has only files that were published from here', async () => {
    const [project, store] = [newSite(), memoryStore()];
    const theirs = {
      text: 'secret',
      version: 'theirs',
      headers: { contentType: '', cacheControl: '', metadata: {} },
    };
    store.objects.set('invoices/2026.pdf', theirs);
    await collect(project, store);
    expect(store.objects.get(INDEX_NAME)!.text).not.toContain('invoices');
    const storage = await objectStorage(store);
    const inventory = await storage.inventory(SIGNAL, { refresh: true });
    expect([inventory.isOwn!('a.css'), inventory.isOwn!('invoices/2026.pdf')]).toEqual([true, false]);
    store.objects.set('a.css', theirs);
    expect((await storage.inventory(SIGNAL, { refresh: true })).isOwn!('a.css')).toBe(false);
  });

  it('and the head are written as internal objects', async () => {
    const internal = new Map<string, boolean>();
    const store = memoryStore();
    const watched: ObjectStore = {
      ...store,
      put(key, body, options) {
        internal.set(key, options.internal ?? false);
        return store.put(key, body, options);
      },
    };
    await collect(newSite(), watched);
    const names = [...internal].filter(([, isInternal]) => isInternal).map(([key]) => key);
    expect(names.sort()).toEqual([HEAD_NAME, INDEX_NAME]);
  });
});

describe('releases', () => {
  it('are all listed, even those that no index knows any more', async () => {
    const [project, store] = [newSite(), memoryStore()];
    const settings = async (release: string) =>
      builtSettings(project, FILES, {
        ...{ storage: await objectStorage(store), processors: [renamingProcessor] },
        release: { id: async () => release },
      });
    await collectstatic(await settings('v1'));
    store.objects.delete(INDEX_NAME);
    project.write({ 'static/a.css': 'b{}' });
    await collectstatic(await settings('v2'));
    expect([...indexIn(store).objects.keys()]).not.toContain('v1/staticfiles.json');
    const { releases } = await listReleases(await settings('v2'));
    expect(releases.map(({ id }) => id).sort()).toEqual(['v1', 'v2']);
    expect(await activateRelease(await settings('v2'), 'v1')).toMatchObject({ id: 'v1', previous: 'v2' });
  });
});

describe('a file below another head or index', () => {
  it.each([HEAD_NAME, INDEX_NAME])('does not belong to this destination (%s)', async (name) => {
    const [project, store] = [newSite(), memoryStore()];
    await collect(project, store, {}, { prefix: 'static' });
    await collect(project, store, {}, { prefix: 'static/docs' });
    store.objects.delete(`static/docs/${name === HEAD_NAME ? INDEX_NAME : HEAD_NAME}`);
    const storage = await objectStorage(store, { prefix: 'static' });
    const inventory = await storage.inventory(SIGNAL, { refresh: true });
    const paths = Array.from(inventory.entries(), ([publicPath]) => publicPath);
    expect(paths).toContain('a.css');
    expect(paths.filter((path) => path.startsWith('docs/') || path.startsWith('.'))).toEqual([]);
    expect(inventory.isOwn!('docs/a.css')).toBe(false);
    expect(inventory.get('docs/a.css')).toBeDefined(); // publishing a file there replaces it anyway
  });
});

describe('listings without versions', () => {
  it('only make files be sent again', async () => {
    const [project, store] = [newSite(), memoryStore()];
    const listing: ObjectStore = {
      ...store,
      async *list(prefix, signal) {
        for await (const page of store.list(prefix, signal))
          yield page.map(({ key, size }) => ({ key, size }));
      },
    };
    await collect(project, listing);
    expect((await collect(project, listing, { checksum: true })).counts).toMatchObject({ copied: 2 });
    expect(isIndexRight(store)).toBe(true);
  });
});

describe('pruning', () => {
  it('knows from the index which files are unused, and since when', async () => {
    const [project, store] = [newSite(), memoryStore()];
    const names = () => [...store.objects.keys()].filter((key) => /^a\.\w+\.css$/.test(key)).sort();
    await collect(project, store);
    const [first] = names();
    project.write({ 'static/a.css': 'b{}' });
    await collect(project, store);
    store.objects.set('a.theirs.css', store.objects.get('a.css')!);
    const pruneOlder = async (olderThan: number) => {
      const storage = await objectStorage(store);
      return prune(builtSettings(project, FILES, { storage }), { olderThan });
    };
    expect((await pruneOlder(60_000)).deleted).toMatchObject({ files: 0 });
    const [file] = (await pruneOlder(0)).plan.files;
    expect(file).toMatchObject({ publicPath: first, reason: expect.stringContaining('not published any') });
    expect(names()).toHaveLength(2); // the newest, and theirs
    expect(names()).not.toContain(first);
    expect(isIndexRight(store)).toBe(true);
  });

  it('keeps a file that somebody has overwritten since', async () => {
    const [project, store] = [newSite(), memoryStore()];
    await collect(project, store, {}, {}, { ...FILES, 'old.css': 'static/a.css' });
    await collect(project, store);
    store.objects.set('old.css', { ...store.objects.get('old.css')!, text: 'theirs', version: 'theirs' });
    const storage = await objectStorage(store);
    const report = await prune(builtSettings(project, FILES, { storage }), { olderThan: 0 });
    expect(report.plan.files.map(({ publicPath }) => publicPath)).toEqual([
      expect.stringMatching(/^old\.\w+\.css$/),
    ]);
    expect(store.objects.get('old.css')!.text).toBe('theirs');
  });

  it('keeps a file that somebody overwrites while it deletes, and says so', async () => {
    const [project, store] = [newSite(), memoryStore()];
    await collect(project, store, {}, {}, { ...FILES, 'old.css': 'static/a.css' });
    await collect(project, store);
    const busy: ObjectStore = {
      ...store,
      remove(keys, signal, versions) {
        if (keys[0] === 'old.css')
          store.objects.set('old.css', { ...store.objects.get('old.css')!, version: 'theirs' });
        return store.remove(keys, signal, versions);
      },
    };
    const storage = await objectStorage(busy);
    const report = await prune(builtSettings(project, FILES, { storage }), { olderThan: 0 });
    expect(report.plan.spared).toEqual([{ publicPath: 'old.css', reason: 'other bytes' }]);
    expect(report.deleted.files).toBe(1);
    expect(store.objects.has('old.css')).toBe(true);
  });

  it('no longer counts a file as unused once it is published again', async () => {
    const [project, store] = [newSite(), memoryStore()];
    await collect(project, store);
    project.write({ 'static/a.css': 'b{}' });
    await collect(project, store);
    project.write({ 'static/a.css': 'a{}' });
    await collect(project, store);
    const storage = await objectStorage(store);
    const { deleted } = await prune(builtSettings(project, FILES, { storage }), { olderThan: 0 });
    expect(deleted.files).toBe(1);
    const { paths } = JSON.parse(store.objects.get('staticfiles.json')!.text);
    expect(store.objects.has(paths['a.css'])).toBe(true);
  });
});

describe('two runs at once', () => {
  /** A store that does something else once, right before a head is written. */
  function overtaken(store: MemoryStore, intervene: () => Promise<unknown>): ObjectStore {
    let pending = true;
    return {
      ...store,
      async put(key, body, options) {
        if (pending && key === HEAD_NAME) {
          pending = false;
          await intervene();
        }
        return store.put(key, body, options);
      },
    };
  }

  it('the later one plans again if the other has finished since it looked', async () => {
    const [ours, theirs, store] = [newSite(), newSite(), memoryStore()];
    theirs.write({ 'static/a.css': 'theirs{}' });
    await collect(ours, store);
    ours.write({ 'static/a.css': 'ours{}' });
    await collect(
      ours,
      overtaken(store, () => collect(theirs, store)),
    );
    expect(store.objects.get('a.css')!.text).toBe('ours{}');
    const { paths } = JSON.parse(store.objects.get('staticfiles.json')!.text);
    expect(store.objects.get(paths['a.css'])!.text).toBe('ours{}');
    expect(isIndexRight(store)).toBe(true);
    expect(await callsOf(store, () => collect(ours, store))).toEqual([`read ${HEAD_NAME}`]);
  });

  it('a file that somebody has overwritten since the index was written is replaced at the second attempt', async () => {
    const [project, store] = [newSite(), memoryStore()];
    await collect(project, store);
    store.objects.set('a.css', { ...store.objects.get('a.css')!, text: 'by hand', version: 'theirs' });
    project.write({ 'static/a.css': 'b{}' });
    const reported: string[] = [];
    const settings = builtSettings(project, FILES, {
      storage: await objectStorageBy(leapingClock(), store),
      processors: [renamingProcessor],
      afterPublish: async (changed) => void reported.push(...changed.map(({ publicPath }) => publicPath)),
    });
    const { counts } = await collectstatic(settings);
    expect(store.objects.get('a.css')!.text).toBe('b{}');
    // The interrupted attempt has sent the file with the fingerprint.
    expect(counts).toMatchObject({ copied: 1, postProcessed: 1 });
    expect(reported).toEqual(expect.arrayContaining(['a.css', expect.stringMatching(/^a\.\w+\.css$/)]));
    expect(new Set(reported).size).toBe(reported.length);
  });

  it('a run that waits for another one says so, and fails clearly if that goes on', async () => {
    const [project, store] = [newSite(), memoryStore()];
    await collect(project, store);
    project.write({ 'static/a.css': 'b{}' });
    let seq = 100;
    const held: ObjectStore = {
      ...store,
      async read(key, signal) {
        const found = await store.read(key, signal);
        if (key !== HEAD_NAME) return found;
        // Another run keeps renewing it.
        const head = { ...headIn(store), run: 'c0ffee00-other', state: 'held', seq: seq++ };
        return { bytes: Buffer.from(JSON.stringify(head)), version: `${seq}` };
      },
    };
    const warnings: string[] = [];
    const run = collect(project, held, { onWarning: ({ message }) => warnings.push(message) });
    await expect(run).rejects.toMatchObject({
      code: 'locked',
      message:
        "Another run (c0ffee00) has been publishing to 'memory://bucket/' for 10 min, and is still running. Run again when it has finished.",
    });
    expect(warnings).toEqual(["Another run is publishing to 'memory://bucket/'. Waiting for it to finish."]);
  });

  it('a run that fails gives the destination back, and the next one need not wait', async () => {
    const [project, store] = [newSite(), memoryStore()];
    await collect(project, store);
    project.write({ 'static/a.css': 'b{}' });
    const failing: ObjectStore = {
      ...store,
      put: (key, body, options) =>
        key === 'staticfiles.json' ? Promise.reject(new Error('503')) : store.put(key, body, options),
    };
    await expect(collect(project, failing)).rejects.toThrow('503');
    expect(headIn(store)).toMatchObject({ state: 'free', index: null, lost: null });
    await collect(project, store);
    expect(isIndexRight(store)).toBe(true);
  });

  it('fails clearly if other runs keep coming', async () => {
    const [project, store] = [newSite(), memoryStore()];
    await collect(project, store);
    project.write({ 'static/a.css': 'b{}' });
    const busy: ObjectStore = {
      ...store,
      put: (key, body, options) =>
        key === 'a.css'
          ? Promise.reject(new ConditionFailed('Precondition failed.'))
          : store.put(key, body, options),
    };
    await expect(collect(project, busy)).rejects.toMatchObject({
      code: 'overtaken',
      message: expect.stringContaining("Another run or program has written to 'memory://bucket/'"),
    });
  });
});

describe('outgoing bytes', () => {
  it('are refused if the source has changed since the run looked at it', async () => {
    const [project, store] = [newSite(), memoryStore()];
    const changing: ObjectStore = {
      ...store,
      put(key, body, options) {
        if (key === 'a.css') fs.appendFileSync(project.path('static/a.css'), '/* more */');
        return store.put(key, body, options);
      },
    };
    await expect(collect(project, changing)).rejects.toMatchObject({ code: 'source' });
    expect(store.objects.has('staticfiles.json')).toBe(false);
  });

  it('come in pieces that have the same bytes and the same hash', async () => {
    const large = 'x'.repeat(3 * 1024 * 1024 + 17);
    const project = newProject({ 'static/a.css': large, 'static/img/b.png': '' });
    const store = memoryStore();
    const byPiece: ObjectStore = {
      ...store,
      async put(key, body, options) {
        const pieces: Uint8Array[] = [];
        for await (const piece of body.chunks()) pieces.push(piece);
        const bytes = Buffer.concat(pieces);
        expect(bytes.length).toBe(body.size);
        return store.put(key, { ...body, bytes: () => bytes }, options);
      },
    };
    await collect(project, byPiece);
    expect(store.objects.get('a.css')!.text).toBe(large);
    expect(await callsOf(store, () => collect(project, store, { checksum: true }))).toEqual([
      `read ${HEAD_NAME}`,
      `read ${INDEX_NAME}`,
      'list ',
    ]);
  });
});

describe('options', () => {
  it.each([
    [{ prefix: '/static' }, 'prefix: expected'],
    [{ prefix: 'a/../b' }, 'prefix: expected'],
    [{ publicUrl: 'cdn' }, 'publicUrl: expected'],
    [{ maxAge: -1 }, 'maxAge: expected'],
    [{ concurrency: 0 }, 'concurrency: expected'],
    [{ heders: {} }, 'heders: unknown option'],
    [{ headers: { '*': { etag: 'x' } } }, "unknown header 'etag'"],
    [{ headers: { '*': { 'cache-control': 'a\nb' } } }, "'cache-control' cannot be sent"],
    [{ headers: { '*': { metadata: { team: 'ü' } } } }, "'team' must be of ASCII"],
    [{ headers: { '*': { metadata: { team: 1 } } } }, "'team' must be a string"],
  ])('%j is refused', async (options, message) => {
    await expect(objectStorage(memoryStore(), options as ObjectStorageOptions)).rejects.toMatchObject({
      code: 'settings',
      message: expect.stringContaining(message),
    });
  });
});
