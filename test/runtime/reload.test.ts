import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadStatic } from '../../src/runtime/index.js';
import { builtSettings } from '../support/built-settings.js';
import { newProject, type Project } from '../support/project.js';
import { renamingProcessor } from '../support/renaming-processor.js';
import { publishManifest } from './published.js';

const NOTHING = { imports: {} };

function publish(project: Project, version: number): void {
  const paths = { 'a.css': `a.${version}.css`, 'b.css': `b.${version}.css` };
  const files = { [`a.${version}.css`]: { integrity: `sha384-${version}` } };
  publishManifest(project, paths, { files, importmap: { imports: { a: `/${version}` } } });
}

async function loaded(project: Project) {
  publish(project, 1);
  return loadStatic({ manifest: project.path('root/staticfiles.json'), env: {} });
}

describe('reload', () => {
  it('switches all look-ups to the new manifest, and not before', async () => {
    const project = newProject({});
    const statics = await loaded(project);
    publish(project, 2);
    expect(statics.static('a.css')).toBe('/static/a.1.css');
    await statics.reload();
    expect(statics.static('a.css')).toBe('/static/a.2.css');
    expect(statics.publicPath('a.css')).toBe('a.2.css');
    expect(statics.integrity('a.css')).toBe('sha384-2');
    expect(statics.importmap()).toContain('"/2"');
    expect(statics.preloadHeader(['a.css'])).toContain('a.2.css');
    expect(statics.modulepreload('a.css')).toContain('a.2.css');
  });

  it('also changes functions that were taken out of the object', async () => {
    const project = newProject({});
    const { static: url, reload } = await loaded(project);
    publish(project, 2);
    await reload();
    expect(url('a.css')).toBe('/static/a.2.css');
  });

  it.each([
    ['is damaged', (file: string) => fs.writeFileSync(file, '{"paths": {"a.css": '), 'is damaged'],
    ['is gone', (file: string) => fs.rmSync(file), 'There is no manifest'],
  ])('keeps the old manifest if the new one %s', async (_, damage, message) => {
    const project = newProject({});
    const statics = await loaded(project);
    damage(project.path('root/staticfiles.json'));
    await expect(statics.reload()).rejects.toMatchObject({
      code: 'target',
      message: expect.stringContaining(message),
    });
    expect(statics.static('a.css')).toBe('/static/a.1.css');
    publish(project, 2);
    await statics.reload();
    expect(statics.static('a.css')).toBe('/static/a.2.css');
  });

  it('never falls back to the sources after a manifest was read', async () => {
    const project = newProject({ 'static/a.css': 'a' });
    const settings = builtSettings(project, { 'a.css': 'static/a.css' }, { processors: [renamingProcessor] });
    const statics = await loadStatic({ settings, env: {} });
    expect(statics.static('a.css')).toBe('/static/a.css');
    publish(project, 1);
    await statics.reload();
    fs.rmSync(project.path('root/staticfiles.json'));
    await expect(statics.reload()).rejects.toThrow('There is no manifest');
    expect(statics.static('a.css')).toBe('/static/a.1.css');
  });
});

/** Loads from a storage whose reads end one by one, when the test says so. */
async function slowly() {
  const project = newProject({});
  const answers: ((version: number) => void)[] = [];
  const manifest = (version: number) =>
    JSON.stringify({ version: '1.1', paths: { 'a.css': `a.${version}.css` }, importmap: NOTHING });
  const settings = builtSettings(project, {});
  const readText = (name: string) =>
    name.endsWith('.details.json')
      ? Promise.resolve(undefined)
      : new Promise<string>((resolve) => answers.push((version) => resolve(manifest(version))));
  const loading = loadStatic({
    settings: { ...settings, storage: { ...settings.storage, readText } },
    env: {},
  });
  const answer = async (version: number) => {
    while (answers.length === 0) await new Promise(setImmediate);
    answers.shift()!(version);
  };
  await answer(1);
  return { statics: await loading, answer, pending: () => answers.length };
}

describe('reloads at the same time', () => {
  it('run one after the other, so the last one wins', async () => {
    const { statics, answer, pending } = await slowly();
    const reloads = [statics.reload(), statics.reload(), statics.reload()];
    const found: string[] = [];
    for (const version of [2, 3, 4]) {
      await new Promise(setImmediate);
      expect(pending()).toBe(1);
      await answer(version);
      await reloads[version - 2];
      found.push(statics.static('a.css'));
    }
    expect(found).toEqual(['/static/a.2.css', '/static/a.3.css', '/static/a.4.css']);
  });

  it('are independent: a failure reaches only its own caller', async () => {
    const project = newProject({});
    const statics = await loaded(project);
    fs.rmSync(project.path('root/staticfiles.json'));
    const failing = statics.reload();
    const next = failing.catch(() => publish(project, 2)).then(() => statics.reload());
    await expect(failing).rejects.toThrow('There is no manifest');
    await next;
    expect(statics.static('a.css')).toBe('/static/a.2.css');
  });
});

describe('while a run publishes', () => {
  it('the details of one run are never used with the manifest of another', async () => {
    const project = newProject({});
    const statics = await loaded(project);
    const manifest = fs.readFileSync(project.path('root/staticfiles.json'), 'utf8');
    publish(project, 2);
    const published = fs.readFileSync(project.path('root/staticfiles.json'), 'utf8');
    // A run that has written its details but not yet its manifest.
    project.write({ 'root/staticfiles.json': manifest });
    const reloading = statics.reload();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([statics.static('a.css'), statics.integrity('a.css')]).toEqual(['/static/a.1.css', 'sha384-1']);
    project.write({ 'root/staticfiles.json': published });
    await reloading;
    expect([statics.static('a.css'), statics.integrity('a.css')]).toEqual(['/static/a.2.css', 'sha384-2']);
  });

  it('a page sees the whole of one manifest, never a mixture', async () => {
    const project = newProject({});
    const statics = await loaded(project);
    const seen = new Set<string>();
    for (let version = 2; version <= 20; version++) {
      publish(project, version);
      const reloading = statics.reload();
      let done = false;
      const ended = reloading.finally(() => {
        done = true;
      });
      while (!done) {
        seen.add(`${statics.publicPath('a.css')} ${statics.publicPath('b.css')}`);
        await new Promise(setImmediate);
      }
      await ended;
    }
    const versions = [...seen].map((pair) => pair.match(/\d+/g));
    expect(versions.length).toBeGreaterThan(10);
    expect(versions.filter((pair) => pair?.[0] !== pair?.[1])).toEqual([]);
  });
});
