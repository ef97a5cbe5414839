import fs from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { collectBriefly, collectstatic } from '../src/collectstatic.js';
import type { Plan } from '../src/pipeline/plan.js';
import type { Processor } from '../src/processors/processor.js';
import { objectStorage } from '../src/storages/objects/object-storage.js';
import type { Storage } from '../src/storages/storage.js';
import { builtSettings, fixedFinder } from './support/built-settings.js';
import { memoryStore } from './support/memory-store.js';
import { newProject, PUBLISHED } from './support/project.js';

const FILES = { 'a.css': 'static/a.css', 'img/b.png': 'static/img/b.png' };
const TREE = { 'static/a.css': 'a{}', 'static/img/b.png': 'png' };

describe('collectstatic', () => {
  it('publishes what the finders find', async () => {
    const project = newProject(TREE);
    const report = await collectstatic(builtSettings(project, FILES));
    expect(report.counts).toMatchObject({ copied: 2, unmodified: 0, conflicts: 0 });
    expect(project.texts()).toEqual({ 'a.css': 'a{}', 'img/b.png': 'png' });
  });

  it('reports the plan before it applies it', async () => {
    const project = newProject(TREE);
    const onPlan = vi.fn((_plan: Plan) =>
      expect(fs.readdirSync(project.path('root'))).toEqual(['.staticfiles-lock']),
    );
    const report = await collectstatic(builtSettings(project, FILES), { onPlan });
    expect(onPlan).toHaveBeenCalledExactlyOnceWith(report.plan);
  });

  it('lets processors rename, rewrite and add outputs', async () => {
    const project = newProject(TREE);
    const report = await collectstatic(builtSettings(project, FILES, { processors: [versioned, banner] }));
    expect(report.counts).toMatchObject({ copied: 2, postProcessed: 3 });
    expect(project.texts()).toEqual({
      'a.css': 'a{}',
      'a.v1.css': 'a{}',
      'banner.txt': 'built for /static/\n',
      'img/b.png': 'png',
      'img/b.v1.png': 'png',
    });
    const again = await collectstatic(builtSettings(project, FILES, { processors: [versioned, banner] }));
    expect(again.counts).toMatchObject({ files: 2, copied: 0, unmodified: 2, postProcessed: 0 });
  });

  it('asks no storage to write a path that is not below the destination', async () => {
    const project = newProject(TREE);
    const asked: string[] = [];
    const storage: Storage = {
      name: 'custom',
      inventory: async () => ({ proof: { kind: 'stat' }, get: () => undefined, entries: () => [] }),
      write: async (files) => void asked.push(...files.map(({ publicPath }) => publicPath)),
      remove: async (paths) => void asked.push(...paths),
      readText: async () => undefined,
    };
    const release = { id: async () => '../../v1' };
    await expect(collectstatic(builtSettings(project, FILES, { storage, release }))).rejects.toMatchObject({
      code: 'target',
      message: expect.stringMatching(/^The storage 'custom' refuses the path '\.\.\/\.\.\/v1\//),
    });
    expect(asked).toEqual([]);
  });

  it('skips the processors with postProcess: false', async () => {
    const project = newProject(TREE);
    const settings = builtSettings(project, FILES, { processors: [banner] });
    await collectstatic(settings, { postProcess: false });
    expect(Object.keys(project.texts())).toEqual(['a.css', 'img/b.png']);
  });

  it.each([
    [
      'throws',
      { name: 'bad', process: () => Promise.reject(new Error('no luck')) },
      /processor 'bad' failed: no luck/,
    ],
    ['climbs out', renaming('../a'), /'\.\.\/a', which is not a path below/],
    ['gives an absolute path', renaming('/a'), /'\/a', which is not a path below/],
    ['gives no path', renaming(''), /'', which is not a path below/],
    ['gives a path with NUL', renaming('a\0'), /'a\\x00', which is not a path below/],
    ['gives a path of Windows', renaming('css\\a'), /'css\\a'\. Write '\/' between its parts/],
    [
      'gives no list',
      { name: 'bad', process: () => undefined as never },
      /processor 'bad' returned undefined instead of a list/,
    ],
    [
      'gives no outputs',
      { name: 'bad', process: () => [1] as never },
      /'bad' returned 1, which has no logicalPath/,
    ],
    ['uses one path twice', renaming('same'), /both 'a\.css' and 'img\/b\.png' would be published as 'same'/],
  ])('publishes nothing if a processor %s', async (_, processor: Processor, message) => {
    const project = newProject(TREE);
    const run = collectstatic(builtSettings(project, FILES, { processors: [processor] }));
    await expect(run).rejects.toMatchObject({ code: 'plugin', message: expect.stringMatching(message) });
    expect(fs.existsSync(project.path('root'))).toBe(false);
  });

  it('publishes to a storage that is compared by hash', async () => {
    const project = newProject(TREE);
    const store = memoryStore();
    store.objects.set('old.txt', {
      text: 'old',
      version: 'v0',
      headers: { contentType: 'text/plain', cacheControl: '', metadata: {} },
    });
    const settings = builtSettings(project, FILES, { storage: await objectStorage(store) });
    expect((await collectstatic(settings)).counts).toMatchObject({ copied: 2, unmodified: 0 });
    expect((await collectstatic(settings)).counts).toMatchObject({ copied: 0, unmodified: 2 });
    project.write({ 'static/a.css': 'b{}' });
    const report = await collectstatic(settings, { clear: 'all' });
    expect(report.counts).toMatchObject({ copied: 2, deleted: 1 });
    expect(store.texts()).toEqual({ 'a.css': 'b{}', 'img/b.png': 'png' });
  });

  it('refuses links for a storage that cannot hold them', async () => {
    const project = newProject(TREE);
    const settings = builtSettings(project, FILES, { storage: await objectStorage(memoryStore()) });
    await expect(collectstatic(settings, { link: true })).rejects.toMatchObject({ code: 'usage' });
  });

  it('asks only if the destination is not empty', async () => {
    const project = newProject(TREE);
    const confirm = vi.fn(async () => false);
    await collectstatic(builtSettings(project, FILES), { confirm });
    expect(confirm).not.toHaveBeenCalled();
    await expect(collectstatic(builtSettings(project, FILES), { confirm })).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(confirm).toHaveBeenCalledExactlyOnceWith({ folder: project.path('root'), clear: false });
  });

  it('asks with the number of files before it clears', async () => {
    const project = newProject({ ...TREE, ...PUBLISHED, 'root/a/b.txt': '', 'root/c.txt': '' });
    const confirm = vi.fn(async () => false);
    await expect(
      collectstatic(builtSettings(project, FILES), { clear: true, confirm }),
    ).rejects.toMatchObject({ code: 'cancelled' });
    const question = { folder: project.path('root'), clear: true, files: 2 };
    expect(confirm).toHaveBeenCalledExactlyOnceWith(question);
  });

  it('ends as interrupted when the signal is aborted', async () => {
    const project = newProject(TREE);
    const run = collectstatic(builtSettings(project, FILES), { signal: AbortSignal.abort() });
    await expect(run).rejects.toMatchObject({ code: 'interrupted' });
    expect(fs.existsSync(project.path('root'))).toBe(false);
  });

  it('fails on conflicts only with failOnConflict, and only if the bytes differ', async () => {
    const project = newProject({ ...TREE, 'other/a.css': 'other' });
    const finders = [fixedFinder(project, FILES), fixedFinder(project, { 'a.css': 'other/a.css' })];
    const settings = builtSettings(project, FILES, { finders });
    expect((await collectstatic(settings)).counts.conflicts).toBe(1);
    await expect(collectstatic(settings, { failOnConflict: true })).rejects.toMatchObject({
      code: 'conflict',
      details: {
        conflicts: [
          {
            logicalPath: 'a.css',
            winner: project.path('static/a.css'),
            shadowed: project.path('other/a.css'),
          },
        ],
      },
    });
    project.write({ 'other/a.css': 'a{}' });
    await collectstatic({ ...settings, conflicts: 'error' });
  });
});

const versioned: Processor = {
  name: 'versioned',
  process: (outputs) => [
    ...outputs,
    ...outputs.map((output) => ({ ...output, publicPath: output.publicPath.replace(/\.(\w+)$/, '.v1.$1') })),
  ],
};

const banner: Processor = {
  name: 'banner',
  process: (outputs, { staticUrl }) => [
    ...outputs,
    {
      logicalPath: 'banner.txt',
      publicPath: 'banner.txt',
      body: { kind: 'bytes', bytes: Buffer.from(`built for ${staticUrl}\n`) },
    },
  ],
};

function renaming(publicPath: string): Processor {
  return { name: 'bad', process: (outputs) => outputs.map((output) => ({ ...output, publicPath })) };
}

describe('the lock of collectBriefly', () => {
  const afterPublish = async () => {};

  it.each([
    ['may show signs of life later if only built-in code runs', { digest: '1' }, true],
    ['shows them at once if a hook may block the thread', { digest: '1', afterPublish }, false],
    ['shows them at once if a custom plug-in may block the thread', {}, false],
  ])('%s', async (_, changes, responsive) => {
    const project = newProject(TREE);
    const settings = builtSettings(project, FILES, changes);
    const lock = vi.fn(settings.storage.lock);
    await collectBriefly({ ...settings, storage: { ...settings.storage, lock } });
    expect(lock).toHaveBeenCalledExactlyOnceWith(expect.anything(), expect.objectContaining({ responsive }));
  });

  it('shows them at once for collectstatic, whose callbacks may block the thread', async () => {
    const project = newProject(TREE);
    const settings = builtSettings(project, FILES, { digest: '1' });
    const lock = vi.fn(settings.storage.lock);
    await collectstatic({ ...settings, storage: { ...settings.storage, lock } });
    expect(lock).toHaveBeenCalledExactlyOnceWith(
      expect.anything(),
      expect.objectContaining({ responsive: false }),
    );
  });
});
