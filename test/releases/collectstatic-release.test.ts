import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CollectOptions } from '../../src/collectstatic.js';
import { collectstatic } from '../../src/collectstatic.js';
import { loadStatic } from '../../src/runtime/load.js';
import type { Settings } from '../../src/settings/settings.js';
import { filesystemStorage } from '../../src/storages/filesystem/filesystem.js';
import { objectStorage } from '../../src/storages/objects/object-storage.js';
import { builtSettings } from '../support/built-settings.js';
import { memoryStore } from '../support/memory-store.js';
import { newProject, type Project } from '../support/project.js';
import { renamingProcessor } from '../support/renaming-processor.js';

const FILES = { 'a.css': 'static/a.css', 'img/b.png': 'static/img/b.png' };

function newSite(): Project {
  return newProject({ 'static/a.css': 'a{}', 'static/img/b.png': 'png' });
}

function settingsOf(project: Project, id: string, changes: Partial<Settings> = {}): Settings {
  const release = { id: async () => id };
  return builtSettings(project, FILES, { processors: [renamingProcessor], release, ...changes });
}

function collect(project: Project, id: string, options: CollectOptions = {}, changes?: Partial<Settings>) {
  return collectstatic(settingsOf(project, id, changes), options);
}

function text(project: Project, name: string): string {
  return fs.readFileSync(project.path('root', name), 'utf8');
}

/** What a plan says of everything but files that are served. */
function manifestSteps({ plan }: Awaited<ReturnType<typeof collectstatic>>): string[] {
  return plan
    .filter(({ output }) => output?.role !== undefined)
    .map(({ action, publicPath, reason }) => `${action} ${publicPath} (${reason})`);
}

describe('a release', () => {
  it('has its own manifest, the same as the active one, which names it', async () => {
    const project = newSite();
    await collect(project, 'v1');
    expect(text(project, 'v1/staticfiles.json')).toBe(text(project, 'staticfiles.json'));
    expect(text(project, 'v1/staticfiles.details.json')).toBe(text(project, 'staticfiles.details.json'));
    expect(JSON.parse(text(project, 'staticfiles.json'))).toMatchObject({ release: 'v1', version: '1.1' });
    const { published, ...note } = JSON.parse(text(project, 'v1/release.json'));
    expect(note).toEqual({ version: '1.0', id: 'v1' });
    expect(Math.abs(Date.parse(published) - Date.now())).toBeLessThan(60_000);
  });

  it('is written after all files, and before the active manifest', async () => {
    const store = memoryStore();
    await collect(newSite(), 'v1', {}, { storage: await objectStorage(store) });
    const written = Object.keys(store.texts());
    expect(written.slice(-5)).toEqual([
      'v1/release.json',
      'v1/staticfiles.details.json',
      'v1/staticfiles.json',
      'staticfiles.details.json',
      'staticfiles.json',
    ]);
    expect(written.length).toBeGreaterThan(5);
  });

  it('stays as it is, with its time, if the same is published again', async () => {
    const project = newSite();
    await collect(project, 'v1');
    const note = text(project, 'v1/release.json');
    expect(manifestSteps(await collect(project, 'v1'))).toEqual([
      'keep v1/release.json (unchanged)',
      'keep v1/staticfiles.details.json (unchanged)',
      'keep v1/staticfiles.json (unchanged)',
      'keep staticfiles.details.json (unchanged)',
      'keep staticfiles.json (unchanged)',
    ]);
    expect(text(project, 'v1/release.json')).toBe(note);
  });

  it('gets a new time if its manifest changes', async () => {
    const project = newSite();
    await collect(project, 'v1');
    project.write({ 'static/a.css': 'b{}' });
    expect(manifestSteps(await collect(project, 'v1'))).toContain('copy v1/release.json (changed)');
  });

  it('stays beside the next one, and shares files with it', async () => {
    const project = newSite();
    await collect(project, 'v1');
    const first = text(project, 'v1/staticfiles.json');
    project.write({ 'static/a.css': 'b{}' });
    const { counts } = await collect(project, 'v2');
    expect(counts).toMatchObject({ files: 2, copied: 1, unmodified: 1 });
    expect(text(project, 'v1/staticfiles.json')).toBe(first);
    expect(JSON.parse(text(project, 'staticfiles.json')).release).toBe('v2');
    const manifest = project.path('root/staticfiles.json');
    const urls = ['v1', 'v2', false].map(async (release) => {
      const statics = await loadStatic({ manifest, release: release as string | false, env: {} });
      return fs.readFileSync(project.path('root', statics.publicPath('a.css')), 'utf8');
    });
    expect(await Promise.all(urls)).toEqual(['a{}', 'b{}', 'b{}']);
  });

  it('is in the storage of the manifest', async () => {
    const project = newSite();
    const storage = filesystemStorage({ location: 'private' }, settingsOf(project, 'v1'));
    await collect(project, 'v1', {}, { manifest: { name: 'm.json', storage } });
    expect(Object.keys(project.tree('private'))).toEqual([
      'm.details.json',
      'm.json',
      'v1/m.details.json',
      'v1/m.json',
      'v1/release.json',
    ]);
    expect(fs.existsSync(project.path('root/v1'))).toBe(false);
  });

  it('has a manifest without processors too, since applications read it', async () => {
    const project = newSite();
    await collect(project, 'v1', { postProcess: false });
    expect(JSON.parse(text(project, 'v1/staticfiles.json')).paths).toMatchObject({ 'a.css': 'a.css' });
  });

  it.each(['img', 'a.css'])('cannot have the id %s of a published file or folder', async (id) => {
    await expect(collect(newSite(), id)).rejects.toMatchObject({
      code: 'source',
      message: expect.stringContaining(`is reserved for release '${id}'`),
    });
  });

  it.each(['staticfiles.json', 'staticfiles.details.json', 'maps'])(
    'cannot have the reserved id %s',
    async (id) => {
      const importMap = { entries: {}, file: 'maps/importmap.json' };
      await expect(collect(newSite(), id, {}, { importMap })).rejects.toMatchObject({
        code: 'settings',
        message: expect.stringContaining(
          `The release id '${id}' is the path of the manifest or the import map`,
        ),
      });
    },
  );
});
