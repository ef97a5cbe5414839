import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applyPlan, planCollect } from '../../src/apply-plan.js';
import type { CollectOptions } from '../../src/collectstatic.js';
import { collectstatic } from '../../src/collectstatic.js';
import type { Settings } from '../../src/settings/settings.js';
import { filesystemStorage } from '../../src/storages/filesystem/filesystem.js';
import { objectStorage } from '../../src/storages/objects/object-storage.js';
import type { Storage } from '../../src/storages/storage.js';
import { builtSettings } from '../support/built-settings.js';
import { memoryStore } from '../support/memory-store.js';
import { newProject, type Project, PUBLISHED } from '../support/project.js';
import { renamingProcessor } from '../support/renaming-processor.js';

const FILES = { 'a.css': 'static/a.css', 'img/b.png': 'static/img/b.png' };
const SOURCES = { 'static/a.css': 'a', 'static/img/b.png': 'b' };
const PUBLISHED_FILES = { 'a.css': 'a', 'img/b.png': 'b' };

function collect(project: Project, options: CollectOptions, changes: Partial<Settings> = {}) {
  return collectstatic(builtSettings(project, FILES, changes), options);
}

async function refusal(run: Promise<unknown>): Promise<string> {
  const error = await run.then(
    () => new Error('It did not fail.'),
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ code: 'target' });
  return (error as Error).message;
}

describe('a folder that no run has published', () => {
  const THEIRS = {
    'root/.htaccess': 'x',
    ...Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`root/theirs/${n}.txt`, 'x'])),
  };

  it.each<CollectOptions>([{}, { dryRun: true }])('is not cleared: %j', async (options) => {
    const project = newProject({ ...SOURCES, ...THEIRS });
    const before = project.texts();
    expect(await refusal(collect(project, { clear: true, ...options }))).toBe(
      `${project.path('root')}: no run of collectstatic has published here, so --clear deletes nothing. ` +
        "It would delete 6 files: '.htaccess', 'theirs/1.txt', 'theirs/2.txt', 'theirs/3.txt', 'theirs/4.txt' and 1 more. " +
        'Nothing was changed. Publish to another folder, or use --clear=all to delete everything that this run does not publish.',
    );
    expect(project.texts()).toEqual(before);
  });

  it('is cleared with `all`', async () => {
    const project = newProject({ ...SOURCES, ...THEIRS });
    await collect(project, { clear: 'all' });
    expect(project.texts()).toEqual(PUBLISHED_FILES);
  });

  it('is published to with `clear` if nothing else is there', async () => {
    const project = newProject({ ...SOURCES, 'root/a.css': 'old', 'root/img': { folder: true } });
    await collect(project, { clear: true });
    expect(project.texts()).toEqual(PUBLISHED_FILES);
  });

  it('is recognised by manifest details too, for versions that left no note', async () => {
    const project = newProject(SOURCES);
    const withManifest = { processors: [renamingProcessor] };
    await collect(project, {}, withManifest);
    fs.rmSync(project.path('root/.staticfiles-run.json'));
    project.write({ 'root/old.css': 'old' });
    await collect(project, { clear: true }, withManifest);
    expect(project.texts()).not.toHaveProperty(['old.css']);
  });

  it('is not recognised by a manifest alone, such as Django’s, or by one for files elsewhere', async () => {
    const project = newProject(SOURCES);
    const manifest = {
      name: 'staticfiles.json',
      storage: filesystemStorage({ location: 'private' }, builtSettings(project, {})),
    };
    await collect(project, {}, { processors: [renamingProcessor], manifest });
    fs.rmSync(project.path('root/.staticfiles-run.json'));
    project.write({ 'root/staticfiles.json': '{"version":"1.1","paths":{},"hash":"d41d8cd98f00"}' });
    const cleared = collect(project, { clear: true }, { processors: [renamingProcessor], manifest });
    expect(await refusal(cleared)).toContain('no run of collectstatic has published here');
  });

  it.each([
    ['file in place of a folder', { 'root/img': 'theirs' }, "1 file: 'img'"],
    [
      'folder in place of a file',
      { 'root/a.css/x/y': '1', 'root/a.css/z': '2' },
      "2 files: 'a.css/x/y', 'a.css/z'",
    ],
    ['socket in place of a file', { 'root/a.css': { fifo: true as const } }, "1 file: 'a.css'"],
  ])('keeps a %s, and nothing is written', async (_, theirs, named) => {
    const project = newProject({ ...SOURCES, ...theirs });
    const before = fs.readdirSync(project.path('root'), { recursive: true });
    for (const options of [{}, { clear: true }]) {
      const message = await refusal(collect(project, options));
      expect(message).toContain(`${named} would be replaced`);
      expect(message).toContain('--clear=all');
    }
    expect(fs.readdirSync(project.path('root'), { recursive: true })).toEqual(before);
    await collect(project, { clear: 'all' });
    expect(project.texts()).toEqual(PUBLISHED_FILES);
  });
});

describe('a destination further down', () => {
  const NESTED = { 'root/docs/.staticfiles-run.json': '{"run":"77aa"}', 'root/docs/x/index.html': 'docs' };

  it.each<CollectOptions>([{ clear: true }, { clear: 'all' }])('is left alone: %j', async (options) => {
    const project = newProject({ ...SOURCES, ...PUBLISHED, ...NESTED, 'root/docs.old/x': 'x' });
    await collect(project, options);
    expect(project.texts()).toEqual({
      ...PUBLISHED_FILES,
      'docs/.staticfiles-run.json': NESTED['root/docs/.staticfiles-run.json'],
      'docs/x/index.html': 'docs',
    });
  });

  it.each(['a.css', 'a.css/deep'])('is not replaced by a file: %s', async (folder) => {
    const project = newProject({
      ...SOURCES,
      ...PUBLISHED,
      [`root/${folder}/.staticfiles-index.json`]: '{}',
      [`root/${folder}/index.html`]: 'docs',
    });
    const message = await refusal(collect(project, { clear: 'all' }));
    expect(message).toContain(
      `the folder 'a.css' would be replaced by a file, but another project publishes to '${folder}'`,
    );
    expect(project.texts()[`${folder}/index.html`]).toBe('docs');
  });
});

it('a folder at the path of the manifest, in a storage of its own, is not replaced', async () => {
  const project = newProject({ ...SOURCES, 'private/staticfiles.json/theirs.txt': 'x' });
  const manifest = {
    name: 'staticfiles.json',
    storage: filesystemStorage({ location: 'private' }, builtSettings(project, {})),
  };
  const run = collect(project, { clear: 'all' }, { processors: [renamingProcessor], manifest });
  expect(await refusal(run)).toContain("'staticfiles.json/theirs.txt' would be replaced");
  expect(fs.existsSync(project.path('root'))).toBe(false);
});

/** A storage without a folder, which knows what was published there. */
async function remote(theirs: readonly string[], own: readonly string[]) {
  const store = memoryStore();
  const headers = { contentType: 'text/plain', cacheControl: '', metadata: {} };
  for (const key of [...theirs, ...own]) store.objects.set(key, { text: key, version: key, headers });
  const storage = await objectStorage(store);
  const knowing: Storage = {
    ...storage,
    async inventory(signal, options) {
      return { ...(await storage.inventory(signal, options)), isOwn: (path) => !theirs.includes(path) };
    },
  };
  return { store, storage: knowing };
}

describe('a storage that knows what runs have published', () => {
  it('is cleared of these files only, and a warning names the rest', async () => {
    const { store, storage } = await remote(['theirs.txt', 'photo.jpg'], ['old.css']);
    const { warnings, counts } = await collect(newProject(SOURCES), { clear: true }, { storage });
    expect(store.texts()).toEqual({
      ...PUBLISHED_FILES,
      'theirs.txt': 'theirs.txt',
      'photo.jpg': 'photo.jpg',
    });
    expect(counts.deleted).toBe(1);
    expect(warnings).toEqual([
      {
        code: 'not-ours',
        message:
          "memory://bucket/: --clear leaves 2 files: 'theirs.txt', 'photo.jpg'. No run from here has published them. " +
          'Use --clear=all to delete them.',
      },
    ]);
  });

  it('is cleared of all files with `all`', async () => {
    const { store, storage } = await remote(['theirs.txt'], ['old.css']);
    const { warnings } = await collect(newProject(SOURCES), { clear: 'all' }, { storage });
    expect(store.texts()).toEqual(PUBLISHED_FILES);
    expect(warnings).toEqual([]);
  });
});

describe('maxDelete', () => {
  const OLD = Array.from({ length: 257 }, (_, n) => `old/${n}.txt`);

  it.each<[string, number, CollectOptions, string]>([
    ['256 unless given', 257, {}, 'allows 256'],
    ['as given', 3, { maxDelete: 2 }, 'allows 2,'],
    ['as given, with `all`', 3, { maxDelete: 0, clear: 'all' }, 'allows 0,'],
  ])('bounds what `clear` deletes elsewhere: %s', async (_, files, options, allows) => {
    const { store, storage } = await remote([], OLD.slice(0, files));
    const message = await refusal(collect(newProject(SOURCES), { clear: true, ...options }, { storage }));
    expect(message).toContain(`memory://bucket/: --clear would delete ${files} files: 'old/0.txt'`);
    expect(message).toContain(allows);
    expect(message).toContain(`use --max-delete ${files}.`);
    expect(Object.keys(store.texts())).toHaveLength(files);
    await collect(newProject(SOURCES), { clear: true, maxDelete: files }, { storage });
    expect(store.texts()).toEqual(PUBLISHED_FILES);
  });

  it('does not limit a local folder by default', async () => {
    const old = Object.fromEntries(OLD.map((file) => [`root/${file}`, '']));
    const project = newProject({ ...SOURCES, ...PUBLISHED, ...old });
    expect(await refusal(collect(project, { clear: true, maxDelete: 256 }))).toContain('257 files');
    await collect(project, { clear: true });
    expect(project.texts()).toEqual(PUBLISHED_FILES);
  });

  it('makes a dry run warn', async () => {
    const { storage } = await remote([], OLD);
    const options = { clear: true, dryRun: true } as const;
    const { warnings, counts } = await collect(newProject(SOURCES), options, { storage });
    expect(counts.deleted).toBe(257);
    expect(warnings).toMatchObject([{ code: 'max-delete', message: expect.stringContaining('257 files') }]);
  });

  it('does not limit a plan that was written to a file', async () => {
    const { store, storage } = await remote([], OLD);
    const settings = builtSettings(newProject(SOURCES), FILES, { storage });
    const { planFile } = await planCollect(settings, { clear: true });
    await applyPlan(settings, JSON.parse(JSON.stringify(planFile)), { where: 'plan.json' });
    expect(store.texts()).toEqual(PUBLISHED_FILES);
  });
});

it('clearing keeps a folder that was empty before this run', async () => {
  const project = newProject({ ...SOURCES, ...PUBLISHED, 'root/img': { folder: true } });
  await collect(project, { clear: true });
  expect(project.texts()).toEqual(PUBLISHED_FILES);
});
