import fs from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import zlib from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { collectstatic } from '../../src/collectstatic.js';
import { compress } from '../../src/processors/compress/processor.js';
import { fingerprint } from '../../src/processors/fingerprint/processor.js';
import type { Settings } from '../../src/settings/settings.js';
import { objectStorage } from '../../src/storages/objects/object-storage.js';
import { builtSettings } from '../support/built-settings.js';
import { decodedTexts } from '../support/encoded-objects.js';
import { memoryStore } from '../support/memory-store.js';
import { newProject, type Project } from '../support/project.js';

const TEXT = 'text();\n'.repeat(60);
const OTHER = 'other();\n'.repeat(60);
const NAMES = ['app.js', 'app.js.gz', 'app.js.br'];
const FILES = Object.fromEntries(NAMES.map((name) => [name, `static/${name}`]));

afterEach(() => vi.restoreAllMocks());

/** A bundler's output, with variants of another content if that is given. */
function bundle(variantsOf = TEXT): Project {
  const project = newProject({ 'static/app.js': TEXT });
  fs.writeFileSync(project.path('static/app.js.gz'), zlib.gzipSync(variantsOf, { level: 3 }));
  fs.writeFileSync(project.path('static/app.js.br'), zlib.brotliCompressSync(variantsOf));
  return project;
}

function collect(project: Project, processors: Settings['processors'], changes: Partial<Settings> = {}) {
  return collectstatic(builtSettings(project, FILES, { processors, ...changes }));
}

function read(project: Project, name: string): Buffer {
  return fs.readFileSync(project.path('root', name));
}

const PREHASHED = [fingerprint({ prehashed: ['*'] }), compress()];
const PROCESSORS: readonly (readonly [string, Settings['processors']])[] = [
  ['without processors', []],
  ['with compress', [compress()]],
  ['with fingerprint and compress', [fingerprint(), compress()]],
  ['with prehashed names', PREHASHED],
];

describe('a variant of the sources that belongs to the file beside it', () => {
  it.each(PROCESSORS)('is published as it is, %s', async (_, processors) => {
    const project = bundle();
    const { warnings } = await collect(project, processors);
    expect(warnings).toEqual([]);
    for (const name of NAMES.slice(1))
      expect(read(project, name)).toEqual(fs.readFileSync(project.path('static', name)));
  });

  it('is in the details as an encoding of the file, and as a file of its own', async () => {
    const project = bundle();
    await collect(project, PREHASHED);
    const { files } = JSON.parse(project.texts()['staticfiles.details.json']!);
    expect(Object.keys(files['app.js'].encodings).sort()).toEqual(['br', 'gzip']);
    expect(files['app.js'].encodings.gzip).toEqual({
      path: 'app.js.gz',
      size: read(project, 'app.js.gz').length,
      integrity: files['app.js.gz'].integrity,
    });
    expect(JSON.parse(project.texts()['staticfiles.json']!).paths).toHaveProperty(['app.js.gz']);
  });

  it('is read again only after a change', async () => {
    const project = bundle();
    await setTimeout(50); // younger sources are not recorded
    const opening = vi.spyOn(fs, 'openSync');
    const opened = () =>
      opening.mock.calls.filter(([file]) => file === project.path('static/app.js.gz')).length;
    await collect(project, []);
    expect(opened()).toBeGreaterThan(0);
    opening.mockClear();
    expect((await collect(project, [])).counts).toMatchObject({ copied: 0, unmodified: 3 });
    expect(opened()).toBe(0);
    project.write({ 'static/app.js': OTHER });
    const { warnings } = await collect(project, []);
    expect(warnings.map(({ code }) => code)).toEqual(['stale-variant', 'stale-variant']);
  });
});

describe('a variant of the sources that does not belong to the file beside it', () => {
  it.each(PROCESSORS)('is replaced by a new one, with a warning, %s', async (_, processors) => {
    const project = bundle(OTHER);
    const { warnings } = await collect(project, processors);
    expect(warnings.map(({ message }) => message.replace(project.dir, '{TMP}')).sort()).toEqual(
      ['br', 'gz'].map(
        (extension) =>
          `'{TMP}/static/app.js.${extension}' does not decode to 'app.js'. ` +
          'A new one is published in its place. Build it again, or delete it.',
      ),
    );
    expect(String(zlib.gunzipSync(read(project, 'app.js.gz')))).toBe(TEXT);
    expect(String(zlib.brotliDecompressSync(read(project, 'app.js.br')))).toBe(TEXT);
  });

  it('changes nothing at the next run', async () => {
    const project = bundle(OTHER);
    await collect(project, [compress()]);
    const { counts, warnings } = await collect(project, [compress()]);
    expect(counts).toMatchObject({ copied: 0, postProcessed: 0, unmodified: 3 });
    expect(warnings).toHaveLength(2);
  });

  it('is replaced in an object store too', async () => {
    const store = memoryStore();
    await collect(bundle(OTHER), PREHASHED, { storage: await objectStorage(store) });
    const gz = Buffer.from(store.objects.get('app.js.gz')!.text, 'latin1');
    expect(String(zlib.gunzipSync(gz))).toBe(TEXT);
    expect(decodedTexts(store)['app.js']).toBe(TEXT);
  });

  it('is replaced if its file changes after it was published', async () => {
    const project = bundle();
    await collect(project, []);
    project.write({ 'static/app.js': OTHER });
    await collect(project, []);
    expect(String(zlib.gunzipSync(read(project, 'app.js.gz')))).toBe(OTHER);
  });
});

it('a variant of the sources without a file beside it is an ordinary file', async () => {
  const project = newProject({ 'static/data.csv.gz': 'anything' });
  const settings = builtSettings(project, { 'data.csv.gz': 'static/data.csv.gz' });
  const { warnings } = await collectstatic(settings);
  expect(warnings).toEqual([]);
  expect(project.texts()).toEqual({ 'data.csv.gz': 'anything' });
});
