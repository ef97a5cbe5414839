import fs from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { CollectOptions } from '../../src/collectstatic.js';
import { collectstatic } from '../../src/collectstatic.js';
import { compress } from '../../src/processors/compress/processor.js';
import { fingerprint } from '../../src/processors/fingerprint/processor.js';
import type { Settings } from '../../src/settings/settings.js';
import { objectStorage } from '../../src/storages/objects/object-storage.js';
import type { Storage } from '../../src/storages/storage.js';
import { builtSettings } from '../support/built-settings.js';
import { loseIndex } from '../support/encoded-objects.js';
import { memoryStore } from '../support/memory-store.js';
import { newProject, type Project } from '../support/project.js';

const OLD = 'old();\n'.repeat(60);
const NEW = 'new();\n'.repeat(60);
const FILES = { 'a.js': 'static/a.js', 'b.js': 'static/b.js' };
const WITH = [compress({ encodings: ['gzip', 'br'] })];
const WITHOUT: Settings['processors'] = [];

function newSite(): Project {
  return newProject({ 'static/a.js': OLD, 'static/b.js': OLD });
}

function collect(
  project: Project,
  processors: Settings['processors'],
  options: CollectOptions = {},
  changes: Partial<Settings> = {},
) {
  return collectstatic(builtSettings(project, FILES, { processors, ...changes }), options);
}

function loseRecord(project: Project): void {
  fs.rmSync(project.path('cache'), { recursive: true, force: true });
}

/** The variants in a project's folder that do not belong to the file beside them. */
function staleIn(project: Project): string[] {
  return Object.keys(project.tree()).filter((name) => {
    const file = project.path('root', name.replace(/\.(gz|br)$/, ''));
    if (!/\.(gz|br)$/.test(name) || !fs.existsSync(file)) return false;
    return decoded(project.path('root', name)) !== fs.readFileSync(file, 'utf8');
  });
}

function decoded(file: string): string | undefined {
  const bytes = fs.readFileSync(file);
  try {
    return String(file.endsWith('.gz') ? zlib.gunzipSync(bytes) : zlib.brotliDecompressSync(bytes));
  } catch {
    return undefined;
  }
}

/** A storage that checks before each write whether a stale variant is beside a file that is about to be written. */
function watched(project: Project, storage: Storage, found: string[]): Storage {
  return {
    ...storage,
    write(files, options) {
      const written = new Set(files.map(({ publicPath }) => publicPath));
      for (const { publicPath } of files)
        for (const extension of ['.gz', '.br'])
          if (
            fs.existsSync(project.path('root', publicPath + extension)) &&
            !written.has(publicPath + extension)
          )
            found.push(publicPath + extension);
      return storage.write(files, options);
    },
  };
}

describe('a stale variant beside a plain name', () => {
  it.each<readonly [string, boolean, CollectOptions]>([
    ['with the record kept', false, {}],
    ['with the record lost', true, {}],
    ['with --checksum', false, { checksum: true }],
    ['with --clear', true, { clear: true }],
    ['without post-processing', true, { postProcess: false }],
  ])('is deleted before its file is replaced, %s', async (_, isLost, options) => {
    const project = newSite();
    await collect(project, WITH);
    project.write({ 'static/a.js': NEW });
    if (isLost) loseRecord(project);
    const beside: string[] = [];
    const { storage } = builtSettings(project, FILES);
    const report = await collect(project, WITHOUT, options, { storage: watched(project, storage, beside) });
    expect(beside.filter((name) => name.startsWith('a.js'))).toEqual([]);
    expect(report.plan.slice(0, 2)).toMatchObject([
      { action: 'delete', publicPath: 'a.js.br', reason: 'stale variant' },
      { action: 'delete', publicPath: 'a.js.gz', reason: 'stale variant' },
    ]);
    expect(staleIn(project)).toEqual([]);
    expect(project.texts()['a.js']).toBe(NEW);
  });

  it('is deleted if its file is unchanged and the record is lost', async () => {
    const project = newSite();
    await collect(project, WITHOUT);
    fs.writeFileSync(project.path('root/a.js.gz'), zlib.gzipSync(NEW));
    fs.writeFileSync(project.path('root/b.js.gz'), zlib.gzipSync(OLD));
    loseRecord(project);
    const { counts } = await collect(project, WITHOUT);
    expect(counts).toMatchObject({ deleted: 1, unmodified: 2 });
    expect(Object.keys(project.tree()).sort()).toEqual(['a.js', 'b.js', 'b.js.gz']);
  });

  it('is deleted if its file is a link to a source that was edited', async () => {
    const project = newSite();
    await collect(project, WITHOUT, { link: true });
    fs.writeFileSync(project.path('root/a.js.gz'), zlib.gzipSync(OLD));
    project.write({ 'static/a.js': NEW });
    await collect(project, WITHOUT, { link: true });
    expect(Object.keys(project.tree()).sort()).toEqual(['a.js', 'b.js']);
  });

  it.each([
    ['cut short', () => zlib.gzipSync(NEW).subarray(0, -9)],
    ['no gzip', () => Buffer.from('somebody’s')],
    ['empty', () => Buffer.alloc(0)],
    ['of a longer content', () => zlib.gzipSync(`${NEW}more`)],
    ['of a shorter content', () => zlib.gzipSync(NEW.slice(0, -1))],
    ['far larger than its file', () => Buffer.concat([zlib.gzipSync(NEW), Buffer.alloc(1_000_000, 1)])],
  ])('is deleted if it is %s', async (_, bytes) => {
    const project = newSite();
    await collect(project, WITHOUT);
    project.write({ 'static/a.js': NEW });
    fs.writeFileSync(project.path('root/a.js.gz'), bytes());
    await collect(project, WITHOUT);
    expect(Object.keys(project.tree()).sort()).toEqual(['a.js', 'b.js']);
  });

  it('is deleted if it is a broken link', async () => {
    const project = newSite();
    await collect(project, WITHOUT);
    fs.symlinkSync('nowhere', project.path('root/a.js.gz'));
    loseRecord(project);
    await collect(project, WITHOUT);
    expect(Object.keys(project.tree()).sort()).toEqual(['a.js', 'b.js']);
  });

  it('is deleted beside excluded and prehashed names', async () => {
    const project = newSite();
    const processors = [fingerprint({ exclude: ['a.js'], prehashed: ['b.js'] })];
    await collect(project, processors);
    for (const name of ['a.js', 'b.js'])
      fs.writeFileSync(project.path('root', `${name}.br`), zlib.brotliCompressSync(OLD));
    project.write({ 'static/a.js': NEW, 'static/b.js': NEW });
    await collect(project, processors);
    expect(Object.keys(project.tree()).filter((name) => name.endsWith('.br'))).toEqual([]);
  });

  it('is only planned to be deleted in a dry run', async () => {
    const project = newSite();
    await collect(project, WITH);
    project.write({ 'static/a.js': NEW });
    loseRecord(project);
    const { plan } = await collect(project, WITHOUT, { dryRun: true });
    expect(plan.filter(({ action }) => action === 'delete')).toHaveLength(2);
    expect(project.texts()['a.js']).toBe(OLD);
    expect(Object.keys(project.tree())).toContain('a.js.gz');
  });
});

describe('a variant that belongs to the file beside it', () => {
  it('stays, whoever made it', async () => {
    const project = newSite();
    await collect(project, WITHOUT);
    project.write({ 'static/a.js': NEW });
    fs.writeFileSync(project.path('root/a.js.gz'), zlib.gzipSync(NEW, { level: 1 }));
    fs.writeFileSync(project.path('root/b.js.br'), zlib.brotliCompressSync(OLD));
    loseRecord(project);
    const { counts } = await collect(project, WITHOUT);
    expect(counts).toMatchObject({ copied: 1, deleted: 0 });
    expect(Object.keys(project.tree()).sort()).toEqual(['a.js', 'a.js.gz', 'b.js', 'b.js.br']);
  });

  it('is not checked if its file is as recorded', async () => {
    const project = newSite();
    await setTimeout(50); // younger sources are not recorded
    await collect(project, WITHOUT);
    fs.writeFileSync(project.path('root/a.js.gz'), 'somebody’s');
    await collect(project, WITHOUT);
    expect(Object.keys(project.tree())).toContain('a.js.gz');
  });

  it('is not checked if the name of its file changes with its content', async () => {
    const project = newSite();
    const processors = [fingerprint({ originals: false })];
    await collect(project, processors);
    const name = Object.keys(project.tree()).find((each) => /^a\.\w+\.js$/.test(each))!;
    fs.writeFileSync(project.path('root', `${name}.gz`), 'somebody’s');
    loseRecord(project);
    await collect(project, processors);
    expect(Object.keys(project.tree())).toContain(`${name}.gz`);
  });
});

describe('a run that dies between a file and its variant', () => {
  /** What the run has written of what it was to write when it dies. */
  const deaths = [['a.js'], ['a.js.gz'], ['a.js', 'a.js.gz'], ['a.js.br']];
  const runs: readonly (readonly [string, Settings['processors'], boolean])[] = [
    ['with its record', WITH, false],
    ['with a lost record', WITH, true],
    ['without compress', WITHOUT, false],
    ['with a lost record and without compress', WITHOUT, true],
  ];

  it.each(runs)('leaves nothing stale after the next run %s', async (_, processors, isLost) => {
    const stale: Record<string, string[]> = {};
    for (const written of deaths) {
      const project = newSite();
      await collect(project, WITH);
      project.write({ 'static/a.js': NEW });
      const { storage } = builtSettings(project, FILES);
      const dying: Storage = {
        ...storage,
        async write(files, options) {
          await storage.write(
            files.filter(({ publicPath }) => written.includes(publicPath)),
            options,
          );
          throw new Error('The process was killed.');
        },
      };
      await expect(collect(project, WITH, {}, { storage: dying })).rejects.toThrow('killed');
      if (isLost) loseRecord(project);
      await collect(project, processors);
      stale[written.join()] = staleIn(project);
    }
    expect(stale).toEqual(Object.fromEntries(Object.keys(stale).map((written) => [written, []])));
  });
});

describe('the order of writing', () => {
  it('puts each file right before its new variants, in one phase', async () => {
    const project = newSite();
    await collect(project, WITHOUT);
    project.write({ 'static/a.js': NEW, 'static/b.js': NEW, 'static/c.js': NEW });
    const phases: string[][] = [];
    const { storage } = builtSettings(project, FILES);
    const files = { ...FILES, 'c.js': 'static/c.js' };
    const settings = builtSettings(project, files, {
      processors: WITH,
      storage: {
        ...storage,
        write(requests, options) {
          phases.push(requests.map(({ publicPath }) => publicPath));
          return storage.write(requests, options);
        },
      },
    });
    await collectstatic(settings);
    expect(phases).toEqual([
      ['c.js', 'c.js.br', 'c.js.gz'],
      ['a.js', 'a.js.br', 'a.js.gz', 'b.js', 'b.js.br', 'b.js.gz'],
    ]);
  });
});

describe('in an object store', () => {
  const collectAt = async (
    project: Project,
    store: ReturnType<typeof memoryStore>,
    options: CollectOptions = {},
  ) => collect(project, WITHOUT, options, { storage: await objectStorage(store) });

  it('a stale variant is deleted before its file is replaced', async () => {
    const [project, store] = [newSite(), memoryStore()];
    await collect(project, WITH, {}, { storage: await objectStorage(store) });
    project.write({ 'static/a.js': NEW });
    loseRecord(project);
    store.calls.length = 0;
    await collectAt(project, store);
    const changes = store.calls.filter((call) => /^(put|remove) [^.]/.test(call));
    expect(changes).toEqual(['remove a.js.br', 'remove a.js.gz', 'put a.js']);
    expect(Object.keys(store.texts()).sort()).toEqual(['a.js', 'b.js', 'b.js.br', 'b.js.gz']);
  });

  it('no variant is read if the index says that nothing has changed', async () => {
    const [project, store] = [newSite(), memoryStore()];
    await collect(project, WITH, {}, { storage: await objectStorage(store) });
    await collectAt(project, store);
    store.calls.length = 0;
    await collectAt(project, store);
    expect(store.calls.filter((call) => !call.startsWith('read .staticfiles'))).toEqual([]);
  });

  it('a foreign one is found with --checksum, and without an index', async () => {
    for (const options of [{ checksum: true }, {}]) {
      const [project, store] = [newSite(), memoryStore()];
      await collectAt(project, store);
      store.objects.set('a.js.gz', {
        ...store.objects.get('a.js')!,
        text: zlib.gzipSync(NEW).toString('latin1'),
      });
      if (!options.checksum) loseIndex(store);
      await collectAt(project, store, options);
      expect(Object.keys(store.texts()).sort()).toEqual(['a.js', 'b.js']);
    }
  });
});
