import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import type { CollectOptions } from '../../src/collectstatic.js';
import { collectstatic } from '../../src/collectstatic.js';
import { readStamp } from '../../src/files/stamp.js';
import type { Settings } from '../../src/settings/settings.js';
import { filesystemStorage } from '../../src/storages/filesystem/filesystem.js';
import { objectStorage } from '../../src/storages/objects/object-storage.js';
import type { Storage } from '../../src/storages/storage.js';
import { builtSettings } from '../support/built-settings.js';
import { memoryStore } from '../support/memory-store.js';
import { newProject, type Project, PUBLISHED } from '../support/project.js';
import { renamingProcessor } from '../support/renaming-processor.js';

const NAMES = ['staticfiles.details.json', 'staticfiles.json'];

function newSite(): Project {
  return newProject({ 'static/a.css': 'a{}', 'static/img/b.png': 'png' });
}

function settingsOf(project: Project, changes: Partial<Settings> = {}): Settings {
  const files = { 'a.css': 'static/a.css', 'img/b.png': 'static/img/b.png' };
  return builtSettings(project, files, { processors: [renamingProcessor], ...changes });
}

function collect(project: Project, options: CollectOptions = {}, changes: Partial<Settings> = {}) {
  return collectstatic(settingsOf(project, changes), options);
}

function folderStorage(project: Project, location: string): Storage {
  return filesystemStorage({ location }, settingsOf(project));
}

function read(project: Project, name: string, folder = 'root') {
  return JSON.parse(fs.readFileSync(project.path(folder, name), 'utf8'));
}

/** Returns the planned actions for the manifest and its details: `copy staticfiles.json (new)`. */
async function planned(project: Project, options: CollectOptions = {}, changes: Partial<Settings> = {}) {
  const { plan } = await collect(project, options, changes);
  return plan
    .filter(({ publicPath }) => NAMES.includes(publicPath))
    .map(({ action, publicPath, reason }) => `${action} ${publicPath} (${reason})`);
}

/** Wraps a storage: calls are recorded, and writing one path may fail. */
function recording(storage: Storage, calls: string[], failAt?: string): Storage {
  return {
    ...storage,
    write(files, options) {
      for (const { publicPath } of files) calls.push(`write ${publicPath}`);
      if (files.some(({ publicPath }) => publicPath === failAt)) throw new Error('disk on fire');
      return storage.write(files, options);
    },
    remove(publicPaths, options) {
      for (const publicPath of publicPaths) calls.push(`remove ${publicPath}`);
      return storage.remove(publicPaths, options);
    },
  };
}

function validator(schema: string) {
  return new Ajv().compile(
    JSON.parse(fs.readFileSync(new URL(`../../schemas/${schema}`, import.meta.url), 'utf8')),
  );
}

describe('the manifest', () => {
  it('names the public paths, and the details describe each published file', async () => {
    const project = newSite();
    await collect(project);
    const manifest = read(project, 'staticfiles.json');
    expect(manifest.paths).toEqual({ 'a.css': 'a.307c.css', 'img/b.png': 'img/b.bff1.png' });
    const details = read(project, 'staticfiles.details.json');
    expect(details.manifest).toBe(manifest.hash);
    const published = Object.keys(project.texts()).filter((name) => !NAMES.includes(name));
    expect(Object.keys(details.files)).toEqual(published);
    const digest = createHash('sha384').update('a{}').digest('base64');
    expect(details.files['a.307c.css']).toEqual({ size: 3, type: 'text/css', integrity: `sha384-${digest}` });
  });

  it.each([
    ['staticfiles.schema.json', 'staticfiles.json'],
    ['staticfiles.details.schema.json', 'staticfiles.details.json'],
  ])('matches %s', async (schema, name) => {
    const project = newSite();
    await collect(project);
    const validate = validator(schema);
    validate(read(project, name));
    expect(validate.errors).toBeNull();
    expect(validate({})).toBe(false);
    expect(validate({ ...read(project, name), version: '0.9' })).toBe(false);
  });

  it('uses the size and integrity that a processor provides', async () => {
    const project = newSite();
    const content = { hash: '00', size: 3, integrity: `sha384-${'A'.repeat(64)}` };
    const knowing = {
      ...renamingProcessor,
      process: () => [
        {
          logicalPath: 'x',
          publicPath: 'x',
          body: { kind: 'bytes' as const, bytes: Buffer.from('abc') },
          content,
        },
      ],
    };
    await collect(project, {}, { processors: [knowing] });
    const { size, integrity } = content;
    const type = 'application/octet-stream';
    expect(read(project, 'staticfiles.details.json').files).toEqual({ x: { size, type, integrity } });
  });

  it('is not counted', async () => {
    const { counts } = await collect(newSite());
    expect(counts).toMatchObject({ copied: 2, postProcessed: 2, unmodified: 0 });
  });

  it('is in the plan of a dry run, which writes nothing', async () => {
    const project = newSite();
    expect(await planned(project, { dryRun: true })).toEqual(NAMES.map((name) => `copy ${name} (new)`));
    expect(fs.existsSync(project.path('root'))).toBe(false);
  });

  it.each([
    ['no processor needs it', {}, { processors: [{ ...renamingProcessor, needsManifest: false }] }],
    ['post-processing is skipped', { postProcess: false }, {}],
  ])('is not published if %s', async (_, options, changes) => {
    expect(await planned(newSite(), options, changes)).toEqual([]);
  });

  it('has the name that the settings give it', async () => {
    const project = newSite();
    await collect(project, {}, { manifest: { name: 'assets.json' } });
    expect(Object.keys(project.texts())).toEqual(
      expect.arrayContaining(['assets.json', 'assets.details.json']),
    );
  });
});

describe('a later run', () => {
  it('writes neither file if nothing changed', async () => {
    const project = newSite();
    await collect(project);
    const stamps = NAMES.map((name) => readStamp(project.path('root', name)));
    expect(await planned(project)).toEqual(NAMES.map((name) => `keep ${name} (unchanged)`));
    expect(NAMES.map((name) => readStamp(project.path('root', name)))).toEqual(stamps);
  });

  it('replaces the manifest if a name changed', async () => {
    const project = newSite();
    await collect(project);
    project.write({ 'static/a.css': 'b{}' });
    expect(await planned(project)).toEqual(NAMES.map((name) => `copy ${name} (changed)`));
    expect(read(project, 'staticfiles.json').paths['a.css']).not.toBe('a.307c.css');
  });

  it.each(['', '{', 'null', '\0'])('replaces a manifest that contains %j', async (text) => {
    const project = newSite();
    project.write({ 'root/staticfiles.json': text, 'root/staticfiles.details.json': text });
    expect(await planned(project)).toEqual(NAMES.map((name) => `copy ${name} (changed)`));
    expect(read(project, 'staticfiles.json').version).toBe('1.1');
  });

  it('replaces a folder named like the manifest', async () => {
    const project = newSite();
    project.write({ ...PUBLISHED, 'root/staticfiles.json/x/y.txt': 'y' });
    expect(await planned(project)).toContain('copy staticfiles.json (wrong type)');
    expect(read(project, 'staticfiles.json').version).toBe('1.1');
  });

  it('rewrites the manifest with --clear, and deletes it if no manifest is published', async () => {
    const project = newSite();
    await collect(project);
    expect(await planned(project, { clear: true })).toEqual(NAMES.map((name) => `copy ${name} (clear)`));
    expect(await planned(project, { clear: true, postProcess: false })).toEqual(
      NAMES.map((name) => `delete ${name} (not collected)`),
    );
  });
});

describe('publishing', () => {
  it('goes in order: new files, replaced files, details, manifest, deletions', async () => {
    const project = newSite();
    project.write({
      ...PUBLISHED,
      'root/a.css': 'old',
      'root/staticfiles.json': '',
      'root/old.txt': 'old',
    });
    const calls: string[] = [];
    const storage = recording(settingsOf(project).storage, calls);
    await collect(project, { clear: true }, { storage });
    expect(calls).toEqual([
      'write img/b.png',
      'write a.307c.css',
      'write img/b.bff1.png',
      'write a.css',
      'write staticfiles.details.json',
      'write staticfiles.json',
      'remove old.txt',
    ]);
  });

  it('keeps the old manifest if a file cannot be written', async () => {
    const project = newSite();
    await collect(project);
    const before = read(project, 'staticfiles.json');
    project.write({ 'static/a.css': 'b{}' });
    const storage = recording(settingsOf(project).storage, [], 'a.css');
    await expect(collect(project, { clear: true }, { storage })).rejects.toThrow('disk on fire');
    expect(read(project, 'staticfiles.json')).toEqual(before);
  });

  it('deletes nothing if the manifest cannot be written', async () => {
    const project = newSite();
    project.write({ ...PUBLISHED, 'root/old.txt': 'old' });
    const storage = recording(settingsOf(project).storage, [], 'staticfiles.json');
    await expect(collect(project, { clear: true }, { storage })).rejects.toThrow('disk on fire');
    expect(project.texts()).toHaveProperty(['old.txt']);
  });

  it('writes the manifest last to a storage that writes in parallel', async () => {
    const store = memoryStore();
    await collect(newSite(), {}, { storage: await objectStorage(store) });
    expect(Object.keys(store.texts()).slice(-2)).toEqual(NAMES);
  });
});

describe('a static file with the manifest’s name', () => {
  it.each([...NAMES, 'staticfiles.json/x.txt'])('%s fails the run', async (name) => {
    const project = newProject({ [`static/${name}`]: '{}' });
    const settings = builtSettings(
      project,
      { [name]: `static/${name}` },
      { processors: [renamingProcessor] },
    );
    await expect(collectstatic(settings)).rejects.toMatchObject({
      code: 'source',
      message: expect.stringContaining(
        `'${project.path('static', name)}': the path '${name}' is reserved for the manifest`,
      ),
    });
    expect(fs.existsSync(project.path('root'))).toBe(false);
  });

  it('is published if the manifest has a storage of its own', async () => {
    const project = newProject({ 'static/staticfiles.json': 'mine' });
    const files = { 'staticfiles.json': 'static/staticfiles.json' };
    const manifest = { name: 'staticfiles.json', storage: folderStorage(project, 'private') };
    await collectstatic(builtSettings(project, files, { processors: [renamingProcessor], manifest }));
    expect(project.texts()['staticfiles.json']).toBe('mine');
    expect(Object.keys(read(project, 'staticfiles.json', 'private').paths)).toEqual(['staticfiles.json']);
  });
});

describe('the manifest’s own storage', () => {
  it('gets the manifest and the details, and keeps its other files', async () => {
    const project = newSite();
    project.write({ ...PUBLISHED, 'private/secret.txt': 'secret', 'root/staticfiles.json': '{}' });
    const manifest = { name: 'staticfiles.json', storage: folderStorage(project, 'private') };
    const { plan } = await collect(project, { clear: true }, { manifest });
    expect(Object.keys(project.texts('private'))).toEqual(['secret.txt', ...NAMES]);
    expect(Object.keys(project.texts())).toEqual(['a.307c.css', 'a.css', 'img/b.bff1.png', 'img/b.png']);
    expect(plan.map(({ action, publicPath }) => `${action} ${publicPath}`).slice(-3)).toEqual([
      'copy staticfiles.details.json',
      'copy staticfiles.json',
      'delete staticfiles.json',
    ]);
    expect(await planned(project, {}, { manifest })).toEqual(NAMES.map((name) => `keep ${name} (unchanged)`));
  });

  it('gets them after the files are written and before others are deleted', async () => {
    const project = newSite();
    project.write({ ...PUBLISHED, 'root/old.txt': 'old' });
    const calls: string[] = [];
    const storage = recording(settingsOf(project).storage, calls);
    const own = recording(folderStorage(project, 'private'), calls);
    await collect(project, { clear: true }, { storage, manifest: { name: 'm.json', storage: own } });
    expect(calls.slice(-3)).toEqual(['write m.details.json', 'write m.json', 'remove old.txt']);
  });

  it('is locked too', async () => {
    const project = newSite();
    const storage = folderStorage(project, 'private');
    const lock = await storage.lock!(AbortSignal.timeout(10_000), { watching: true });
    const manifest = { name: 'staticfiles.json', storage };
    await expect(collect(project, {}, { manifest })).rejects.toMatchObject({ code: 'locked' });
    await lock.release();
    expect(fs.existsSync(project.path('root'))).toBe(false);
  });
});
