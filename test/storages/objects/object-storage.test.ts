import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type CollectOptions, collectstatic } from '../../../src/collectstatic.js';
import type { CodingName } from '../../../src/content-codings.js';
import { ENCODINGS } from '../../../src/processors/compress/encodings.js';
import { compress } from '../../../src/processors/compress.js';
import { prunestatic } from '../../../src/prune/prune.js';
import { INDEX_NAME, parseIndex } from '../../../src/storages/objects/index-object.js';
import { type ObjectStorageOptions, objectStorage } from '../../../src/storages/objects/object-storage.js';
import { ConditionFailed, type ObjectStore } from '../../../src/storages/objects/object-store.js';
import { builtSettings } from '../../support/built-settings.js';
import { type MemoryStore, memoryStore } from '../../support/memory-store.js';
import { newProject, type Project } from '../../support/project.js';
import { renamingProcessor } from '../../support/renaming-processor.js';

const FILES = { 'a.css': 'static/a.css', 'img/b.png': 'static/img/b.png' };

function newSite(): Project {
  return newProject({ 'static/a.css': 'a{}', 'static/img/b.png': 'png' });
}

/** One run of a process of its own: nothing is known but what the store holds. */
async function collect(
  project: Project,
  store: ObjectStore,
  options: CollectOptions = {},
  storageOptions: ObjectStorageOptions = {},
) {
  const storage = await objectStorage(store, storageOptions);
  const settings = builtSettings(project, FILES, { storage, processors: [renamingProcessor] });
  return collectstatic(settings, options);
}

/** What a run asks of the service. */
async function callsOf(store: MemoryStore, run: () => Promise<unknown>): Promise<string[]> {
  store.calls.length = 0;
  await run();
  return [...store.calls];
}

function indexIn(store: MemoryStore, prefix = '') {
  return parseIndex(Buffer.from(store.objects.get(prefix + INDEX_NAME)!.text))!;
}

describe('a storage of objects', () => {
  it('asks once where nothing has changed', async () => {
    const [project, store] = [newSite(), memoryStore()];
    await collect(project, store);
    expect(await callsOf(store, () => collect(project, store))).toEqual([`read ${INDEX_NAME}`]);
  });

  it('opens the index, sends what is new, what is replaced, the manifests, and closes the index', async () => {
    const [project, store] = [newSite(), memoryStore()];
    await collect(project, store);
    project.write({ 'static/a.css': 'b{}' });
    const calls = await callsOf(store, () => collect(project, store));
    expect(calls[0]).toBe(`read ${INDEX_NAME}`);
    expect(calls.filter((call) => call.startsWith('list'))).toEqual([]);
    expect(calls.slice(1)).toEqual([
      `put ${INDEX_NAME}`,
      ...calls.slice(2, -3),
      'put staticfiles.details.json',
      'put staticfiles.json',
      `put ${INDEX_NAME}`,
    ]);
    expect(calls.length).toBeLessThanOrEqual(8);
  });

  it('keeps the files below a prefix, and tells people where', async () => {
    const [project, store] = [newSite(), memoryStore()];
    const report = await collect(project, store, {}, { prefix: 'site/static' });
    expect(report.place).toBe('memory://bucket/site/static/');
    expect([...store.objects.keys()].every((key) => key.startsWith('site/static/'))).toBe(true);
    expect(indexIn(store, 'site/static/').place).toBe('memory://bucket/site/static/');
  });

  it('gives names that tell their content a year, and the others a minute', async () => {
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

  it('takes undefined for what is not given, in all options', async () => {
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
    expect(calls).toEqual([`read ${INDEX_NAME}`]);
  });

  it('applies a change of headers alone without sending bytes', async () => {
    const [project, store] = [newSite(), memoryStore()];
    await collect(project, store);
    const headers = { '*.png': {}, 'img/*': { 'Cache-Control': 'no-store', metadata: { Team: 'web' } } };
    const options = { headers };
    const run = () => collect(project, store, {}, options);
    const calls = await callsOf(store, run);
    expect(calls).toEqual([
      `read ${INDEX_NAME}`,
      `put ${INDEX_NAME}`,
      expect.stringMatching(/^headers img\/b\./),
      expect.stringMatching(/^headers img\/b\./),
      `put ${INDEX_NAME}`,
    ]);
    expect(store.objects.get('img/b.png')!.headers).toMatchObject({
      cacheControl: 'no-store',
      metadata: { team: 'web' },
    });
    expect(await callsOf(store, run)).toEqual([`read ${INDEX_NAME}`]);
    const back = await collect(project, store);
    expect(back.counts).toMatchObject({ reheadered: 2, copied: 0, postProcessed: 0 });
  });

  it.each([{ putHeaders: undefined }, { putsHeadersUpTo: 2 }])(
    'sends the whole file for other headers where the service can do no less (%j)',
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
    const told = Object.entries<{ size: number }>(details.files).filter(([name]) => name.startsWith('a.'));
    expect(told.map(([, { size, ...more }]) => [size, 'encodings' in more])).toEqual([
      [css.length, false],
      [css.length, false],
    ]);
    expect(await callsOf(store, () => collectInline(project, keeping, encodings))).toEqual([
      `read ${INDEX_NAME}`,
    ]);
  });
});

describe('the index', () => {
  it('is no longer trusted where a run died: what still has its version is kept, and the rest compared', async () => {
    const [project, store] = [newSite(), memoryStore()];
    await collect(project, store);
    project.write({ 'static/a.css': 'b{}' });
    const dying = memoryStore({
      ...store,
      put: async (key, body, options) => {
        if (key === 'staticfiles.json') throw new Error('The process was killed.');
        if (key === INDEX_NAME && dying.calls.length > 0) throw new Error('The process was killed.');
        dying.calls.push(key);
        return store.put(key, body, options);
      },
    });
    await expect(collect(project, dying)).rejects.toThrow('killed');
    expect(indexIn(store).open).toBe(true);
    expect(store.objects.get('a.css')!.text).toBe('b{}');

    project.write({ 'static/a.css': 'a{}' }); // back to what the index once knew
    const calls = await callsOf(store, () => collect(project, store));
    expect(calls).toContain('list ');
    expect(store.objects.get('a.css')!.text).toBe('a{}');
    expect(calls.filter((call) => call.includes('b.png') && !call.startsWith('headers'))).toEqual([]);
    expect(indexIn(store).open).toBe(false);
  });

  it('no longer tells headers that a run was changing when it died', async () => {
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
    ['of a format to come', (text: string) => text.replace('"version":"1.0"', '"version":"2.0"')],
    ['of another place', (text: string) => text.replace('memory://bucket', 'memory://elsewhere')],
    ['of other entries', (text: string) => text.replace(/: \[\d+/, ': ["many"')],
  ])('is passed over where it is %s, and written again', async (_, damage) => {
    const [project, store] = [newSite(), memoryStore()];
    await collect(project, store);
    const index = store.objects.get(INDEX_NAME)!;
    const damaged = damage(index.text);
    expect(damaged).not.toBe(index.text);
    store.objects.set(INDEX_NAME, { ...index, text: damaged });
    const calls = await callsOf(store, () => collect(project, store));
    expect(calls).toContain('list ');
    expect(calls.filter((call) => /^put (?!\.static)/.test(call))).toEqual([]);
    expect(indexIn(store)).toMatchObject({ open: false, place: 'memory://bucket/' });
    expect(await callsOf(store, () => collect(project, store))).toEqual([`read ${INDEX_NAME}`]);
  });

  it('is written again also where nothing else is to be done', async () => {
    const [project, store] = [newSite(), memoryStore()];
    await collect(project, store);
    // As the listings of some services do.
    const telling: ObjectStore = {
      ...store,
      async *list(prefix, signal) {
        for await (const page of store.list(prefix, signal))
          yield page.map((object) => ({ ...object, headers: store.objects.get(object.key)!.headers }));
      },
    };
    store.objects.delete(INDEX_NAME);
    expect(await callsOf(store, () => collect(project, telling))).toEqual([
      `read ${INDEX_NAME}`,
      'list ',
      `put ${INDEX_NAME}`,
    ]);
    expect(await callsOf(store, () => collect(project, telling))).toEqual([`read ${INDEX_NAME}`]);
  });

  it('--checksum finds what was changed or deleted behind its back', async () => {
    const [project, store] = [newSite(), memoryStore()];
    await collect(project, store);
    store.objects.delete('a.css');
    store.objects.set('img/b.png', { ...store.objects.get('img/b.png')!, text: 'PNG', version: 'theirs' });
    expect((await collect(project, store)).counts).toMatchObject({ copied: 0 });
    expect((await collect(project, store, { checksum: true })).counts).toMatchObject({ copied: 2 });
    expect(store.texts()).toMatchObject({ 'a.css': 'a{}', 'img/b.png': 'png' });
  });

  it('is not kept with --no-index, and an old one goes', async () => {
    const [project, store] = [newSite(), memoryStore()];
    await collect(project, store);
    project.write({ 'static/a.css': 'b{}' });
    const calls = await callsOf(store, () => collect(project, store, { index: false }));
    expect(calls).toContain(`remove ${INDEX_NAME}`);
    expect(store.objects.has(INDEX_NAME)).toBe(false);
    const again = await callsOf(store, () => collect(project, store, {}, { index: false }));
    expect(again).toEqual([`read ${INDEX_NAME}`, 'list ']);
  });

  it('forgets what --clear deletes, somebody else’s files too', async () => {
    const [project, store] = [newSite(), memoryStore()];
    await collect(project, store);
    store.objects.set('theirs.txt', store.objects.get('a.css')!);
    const report = await collect(project, store, { clear: true });
    expect(report.counts.deleted).toBe(1);
    expect(store.objects.has('theirs.txt')).toBe(false);
    expect([...indexIn(store).objects.keys()].sort()).toEqual(Object.keys(store.texts()).sort());
  });

  it('is a name that no file may have', async () => {
    const project = newSite();
    const storage = await objectStorage(memoryStore());
    const settings = builtSettings(project, { [INDEX_NAME]: 'static/a.css' }, { storage });
    await expect(collectstatic(settings)).rejects.toMatchObject({
      code: 'source',
      message: expect.stringContaining(`would be published as '${INDEX_NAME}'`),
    });
  });
});

describe('pruning', () => {
  it('knows from the index which files were left behind, and since when', async () => {
    const [project, store] = [newSite(), memoryStore()];
    const names = () => [...store.objects.keys()].filter((key) => /^a\.\w+\.css$/.test(key)).sort();
    await collect(project, store);
    const [first] = names();
    project.write({ 'static/a.css': 'b{}' });
    await collect(project, store);
    store.objects.set('a.theirs.css', store.objects.get('a.css')!);
    const prune = async (olderThan: number) => {
      const storage = await objectStorage(store);
      return prunestatic(builtSettings(project, FILES, { storage }), { olderThan });
    };
    expect((await prune(60_000)).deleted).toMatchObject({ files: 0 });
    const [file] = (await prune(0)).plan.files;
    expect(file).toMatchObject({ publicPath: first, reason: expect.stringContaining('not published any') });
    expect(names()).toHaveLength(2); // the newest, and theirs
    expect(names()).not.toContain(first);
    expect(indexIn(store).open).toBe(false);
  });

  it('forgets that a file was left behind once it is published again', async () => {
    const [project, store] = [newSite(), memoryStore()];
    await collect(project, store);
    project.write({ 'static/a.css': 'b{}' });
    await collect(project, store);
    project.write({ 'static/a.css': 'a{}' });
    await collect(project, store);
    const storage = await objectStorage(store);
    const { deleted } = await prunestatic(builtSettings(project, FILES, { storage }), { olderThan: 0 });
    expect(deleted.files).toBe(1);
    const { paths } = JSON.parse(store.objects.get('staticfiles.json')!.text);
    expect(store.objects.has(paths['a.css'])).toBe(true);
  });
});

describe('two runs at once', () => {
  /** A store in which, at a key's write, something else is done first; once. */
  function interrupted(store: MemoryStore, at: string, meanwhile: () => Promise<unknown>): ObjectStore {
    let pending = true;
    return {
      ...store,
      async put(key, body, options) {
        if (pending && key === at) {
          pending = false;
          await meanwhile();
        }
        return store.put(key, body, options);
      },
    };
  }

  it.each([INDEX_NAME, 'a.css', 'staticfiles.json'])(
    'the later one plans again where the other has finished before its %s',
    async (at) => {
      const [ours, theirs, store] = [newSite(), newSite(), memoryStore()];
      theirs.write({ 'static/a.css': 'theirs{}' });
      await collect(ours, store);
      ours.write({ 'static/a.css': 'ours{}' });
      await collect(
        ours,
        interrupted(store, at, () => collect(theirs, store)),
      );
      expect(store.objects.get('a.css')!.text).toBe('ours{}');
      const { paths } = JSON.parse(store.objects.get('staticfiles.json')!.text);
      expect(store.objects.get(paths['a.css'])!.text).toBe('ours{}');
      expect(indexIn(store).open).toBe(false);
      expect(await callsOf(store, () => collect(ours, store))).toEqual([`read ${INDEX_NAME}`]);
    },
  );

  it('tells the finalizer of what it had written before it was overtaken', async () => {
    const [ours, theirs, store] = [newSite(), newSite(), memoryStore()];
    await collect(ours, store);
    for (const site of [ours, theirs]) site.write({ 'static/a.css': 'new{}' });
    const busy = interrupted(store, 'staticfiles.json', () => collect(theirs, store));
    const told: string[] = [];
    const settings = builtSettings(ours, FILES, {
      storage: await objectStorage(busy),
      processors: [renamingProcessor],
      finalize: async (changed) => void told.push(...changed.map(({ publicPath }) => publicPath)),
    });
    await collectstatic(settings);
    expect(told).toContain('a.css');
    expect(new Set(told).size).toBe(told.length);
  });

  it('fails clearly where others come again and again', async () => {
    const [project, store] = [newSite(), memoryStore()];
    const busy: ObjectStore = {
      ...store,
      put: (key, body, options) =>
        key === INDEX_NAME
          ? Promise.reject(new ConditionFailed('Precondition failed.'))
          : store.put(key, body, options),
    };
    await expect(collect(project, busy)).rejects.toMatchObject({
      code: 'overtaken',
      message: expect.stringContaining("Another run has written to 'memory://bucket/'"),
    });
  });
});

describe('bytes on their way', () => {
  it('are refused where the source has changed since it was looked at', async () => {
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

  it('come in pieces that make the same bytes and the same hash', async () => {
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
      `read ${INDEX_NAME}`,
      'list ',
    ]);
  });
});

describe('options', () => {
  it.each([
    [{ prefix: '/static' }, "'prefix'"],
    [{ prefix: 'a/../b' }, "'prefix'"],
    [{ publicUrl: 'cdn' }, "'publicUrl'"],
    [{ maxAge: -1 }, "'maxAge'"],
    [{ concurrency: 0 }, "'concurrency'"],
    [{ heders: {} }, "Unknown option 'heders'"],
    [{ headers: { '*': { etag: 'x' } } }, "has 'etag', which cannot be chosen"],
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
