import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { CollectOptions } from '../../../src/collectstatic.js';
import { collectstatic } from '../../../src/collectstatic.js';
import type { CodingName } from '../../../src/model/content-encoding.js';
import { compress } from '../../../src/processors/compress/processor.js';
import type { Processor } from '../../../src/processors/processor.js';
import type { Settings } from '../../../src/settings/settings.js';
import { objectStorage } from '../../../src/storages/objects/object-storage.js';
import type { ObjectStore } from '../../../src/storages/objects/object-store.js';
import type { ChangedFile } from '../../../src/storages/storage.js';
import { builtSettings } from '../../support/built-settings.js';
import {
  decodedTexts,
  loseIndex,
  tellingHeaders,
  versionedByBytes,
  withOldIndex,
} from '../../support/encoded-objects.js';
import { type MemoryStore, memoryStore } from '../../support/memory-store.js';
import { newProject, type Project } from '../../support/project.js';
import { renamingProcessor } from '../../support/renaming-processor.js';

const CSS = 'a { color: red }\n'.repeat(60);
const FILES = { 'a.css': 'static/a.css', 'b.txt': 'static/b.txt' };
const site = newProject({ 'static/a.css': CSS, 'static/b.txt': 'tiny' });

/** How a site is published: inline or not, and with which encodings. Without encodings it has no `compress`. */
interface Form {
  readonly inline?: boolean;
  readonly encodings?: readonly CodingName[];
}

const FORMS: Readonly<Record<string, Form>> = {
  plain: {},
  'plain with variants': { encodings: ['gzip', 'br'] },
  'inline gzip': { inline: true, encodings: ['gzip', 'br'] },
  'inline br': { inline: true, encodings: ['br'] },
  'inline without compress': { inline: true },
};

/** Services with different listings and calls. */
const SERVICES: Readonly<Record<string, (store: MemoryStore) => ObjectStore>> = {
  'whose listings tell no headers': (store) => store,
  'whose versions are hashes of the bytes': versionedByBytes,
  'whose listings tell headers': tellingHeaders,
  'that cannot change headers alone': ({ putHeaders: _, ...store }) => store,
};

interface Collecting {
  readonly store: ObjectStore;
  readonly project?: Project;
  readonly options?: CollectOptions;
  /** The option of the storage. */
  readonly index?: boolean;
  readonly settings?: Partial<Settings>;
}

async function collect(form: Form, { store, project = site, options = {}, index, settings }: Collecting) {
  const storage = await objectStorage(store, {
    ...(form.inline && { encoding: 'inline' }),
    ...(index !== undefined && { index }),
  });
  const compressing: Processor[] = form.encodings
    ? [compress({ encodings: form.encodings, originals: true })]
    : [];
  const processors = [renamingProcessor, ...compressing];
  return collectstatic(builtSettings(project, FILES, { storage, processors, ...settings }), options);
}

/** Returns the objects that clients cannot decode to the content or that, inline, have the wrong encoding. */
function wrong(store: MemoryStore, form: Form): string[] {
  const texts = decodedTexts(store);
  const names = Object.keys(texts).filter((key) => /^(a\.(\w+\.)?css|b\.(\w+\.)?txt)/.test(key));
  expect(names.length).toBeGreaterThanOrEqual(4);
  return names.filter((key) => {
    const encoding = store.objects.get(key)!.headers.contentEncoding;
    const isVariant = /\.(gz|br)$/.test(key);
    const wanted = form.inline && key.startsWith('a.') ? form.encodings?.[0] : undefined;
    const content = key.startsWith('a.') ? CSS : 'tiny';
    return texts[key] !== content || (!isVariant && encoding !== wanted);
  });
}

const names = Object.keys(FORMS);
const changes = names.flatMap((from) => names.filter((to) => to !== from).map((to) => [from, to] as const));

/** Services that differ in what a run knows of objects. */
const KNOWING = ['whose versions are hashes of the bytes', 'whose listings tell headers'];

describe.each(KNOWING)('at a service %s', (service) => {
  const serviceOf = SERVICES[service]!;

  it.each(changes)('from %s to %s: files with another encoding are sent again', async (from, to) => {
    const ways: Readonly<
      Record<string, Partial<Collecting> & { readonly before?: (store: MemoryStore) => void }>
    > = {
      usual: {},
      checksum: { options: { checksum: true } },
      'no index in this run': { options: { index: false } },
      'the index is lost': { before: loseIndex },
      'an index of an older format': { before: withOldIndex },
    };
    const found: Record<string, string[]> = {};
    for (const [way, { before, ...collecting }] of Object.entries(ways)) {
      const memory = memoryStore();
      const store = serviceOf(memory);
      await collect(FORMS[from]!, { store });
      before?.(memory);
      await collect(FORMS[to]!, { store, ...collecting });
      found[way] = wrong(memory, FORMS[to]!);
      memory.calls.length = 0;
      await collect(FORMS[to]!, { store, ...collecting });
      found[`${way}, again`] = memory.calls.filter((call) => /^(put|headers) (?!\.)/.test(call));
    }
    expect(found).toEqual(Object.fromEntries(Object.keys(found).map((way) => [way, []])));
  });

  it.each(changes)('from %s to %s without any index', async (from, to) => {
    const memory = memoryStore();
    const store = serviceOf(memory);
    await collect(FORMS[from]!, { store, index: false });
    await collect(FORMS[to]!, { store, index: false });
    expect(wrong(memory, FORMS[to]!)).toEqual([]);
  });
});

describe.each(Object.entries(SERVICES))('at a service %s', (_, serviceOf) => {
  /** What earlier versions left: changed headers with unchanged bytes. */
  const messes: Readonly<
    Record<string, readonly [Form, (css: Buffer) => Buffer, encoding: string | undefined]>
  > = {
    'plain bytes that are called gzip': [FORMS['inline gzip']!, (css) => css, 'gzip'],
    'gzip that is called plain': [FORMS.plain!, (css) => zlib.gzipSync(css, { level: 9 }), undefined],
    'gzip that is called br': [FORMS['inline br']!, (css) => zlib.gzipSync(css, { level: 9 }), 'br'],
    'br that is called gzip': [FORMS['inline gzip']!, (css) => zlib.brotliCompressSync(css), 'gzip'],
  };

  it.each(Object.keys(messes))('%s is repaired by any run', async (mess) => {
    const [before, encode, encoding] = messes[mess]!;
    const broken: Record<string, readonly unknown[]> = {};
    for (const name of ['plain', 'inline gzip', 'inline br']) {
      const form = FORMS[name]!;
      for (const options of [{}, { checksum: true }, { index: false }, { clear: true }]) {
        const memory = memoryStore();
        const store = serviceOf(memory);
        await collect(before, { store });
        for (const [key, object] of memory.objects) {
          if (!key.endsWith('.css')) continue;
          const { contentEncoding: _, ...headers } = object.headers;
          const text = encode(Buffer.from(CSS)).toString('latin1');
          memory.objects.set(key, {
            ...object,
            text,
            headers: { ...headers, ...(encoding && { contentEncoding: encoding }) },
          });
        }
        withOldIndex(memory);
        expect(wrong(memory, before)).not.toEqual([]);
        await collect(form, { store, options });
        broken[`${name} ${JSON.stringify(options)}`] = wrong(memory, form);
      }
    }
    expect(broken).toEqual(Object.fromEntries(Object.keys(broken).map((way) => [way, []])));
  });
});

describe('an object of another encoding', () => {
  it('is not reported as immutable to the hook, since a cache may have the old one', async () => {
    const store = memoryStore();
    await collect(FORMS.plain!, { store });
    const reported: ChangedFile[] = [];
    await collect(FORMS['inline gzip']!, {
      store,
      settings: { afterPublish: async (changed) => void reported.push(...changed) },
    });
    const css = reported.filter(({ publicPath }) => publicPath.startsWith('a.'));
    expect(css.map(({ immutable }) => immutable)).toEqual([false, false]);
  });

  it('gets new headers without new bytes, and keeps its encoding', async () => {
    const store = memoryStore();
    const storage = (maxAge: number) => objectStorage(store, { encoding: 'inline', maxAge });
    const processors = [renamingProcessor, compress({ originals: true })];
    const settings = async (maxAge: number) =>
      builtSettings(site, FILES, { storage: await storage(maxAge), processors });
    await collectstatic(await settings(60));
    store.calls.length = 0;
    const { counts } = await collectstatic(await settings(5));
    expect(counts).toMatchObject({ reheadered: 2, copied: 0, postProcessed: 0 });
    expect(store.calls.filter((call) => call.startsWith('headers'))).toEqual([
      'headers a.css',
      'headers b.txt',
    ]);
    expect(store.objects.get('a.css')!.headers).toMatchObject({
      cacheControl: 'public, max-age=5',
      contentEncoding: 'gzip',
    });
    expect(wrong(store, FORMS['inline gzip']!)).toEqual([]);
  });

  it('is stored uncompressed again if its new content does not get smaller', async () => {
    const project = newProject({ 'static/a.css': CSS, 'static/b.txt': 'tiny' });
    const store = memoryStore();
    await collect(FORMS['inline gzip']!, { store, project });
    expect(store.objects.get('a.css')!.headers.contentEncoding).toBe('gzip');
    project.write({ 'static/a.css': 'a{}' });
    await collect(FORMS['inline gzip']!, { store, project });
    expect(store.objects.get('a.css')).toMatchObject({ text: 'a{}' });
    expect(store.objects.get('a.css')!.headers.contentEncoding).toBeUndefined();
  });
});

describe('an output that a processor has encoded', () => {
  const encoding = (bytes: (css: Buffer) => Buffer): Processor => ({
    name: 'encoding',
    needsManifest: true,
    process: (outputs) =>
      outputs.map((output) => ({
        ...output,
        body: { kind: 'bytes', bytes: bytes(Buffer.from(CSS)) },
        contentEncoding: 'gzip',
      })),
  });

  it('is in the details as it is stored and decoded', async () => {
    const store = memoryStore();
    const processors = [encoding((css) => zlib.gzipSync(css))];
    await collect({}, { store, settings: { processors } });
    const { files } = JSON.parse(store.objects.get('staticfiles.details.json')!.text);
    expect(files['a.css']).toMatchObject({
      size: CSS.length,
      stored: { encoding: 'gzip', size: zlib.gzipSync(CSS).length },
    });
    expect(decodedTexts(store)['a.css']).toBe(CSS);
  });

  it('is refused if it cannot be decoded', async () => {
    const processors = [encoding((css) => css)];
    await expect(collect({}, { store: memoryStore(), settings: { processors } })).rejects.toMatchObject({
      code: 'plugin',
      message: expect.stringContaining("'a.css' has the contentEncoding 'gzip'"),
    });
  });
});
