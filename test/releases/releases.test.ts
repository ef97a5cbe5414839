import fs from 'node:fs';
import zlib from 'node:zlib';
import { Ajv } from 'ajv';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { activateRelease } from '../../src/releases/activate.js';
import { diffReleases } from '../../src/releases/diff.js';
import { listReleases, showRelease } from '../../src/releases/list.js';
import { removeRelease } from '../../src/releases/remove.js';
import { loadStatic } from '../../src/runtime/load.js';
import { type Project, SETTINGS } from '../support/project.js';
import {
  dated,
  newSite,
  ownFiles,
  publish,
  settingsOf,
  style,
  stylePath,
  threeReleases,
} from '../support/releases.js';

function text(project: Project, name: string, folder = 'root'): string {
  return fs.readFileSync(project.path(folder, name), 'utf8');
}

function bytesOf(project: Project, names: readonly string[]): number {
  return names.reduce((sum, name) => sum + fs.statSync(project.path('root', name)).size, 0);
}

function remove(project: Project, name: string): void {
  fs.rmSync(project.path('root', name));
}

describe('the content of releases', () => {
  let project: Project;
  beforeAll(async () => {
    project = await threeReleases();
  });

  it('is listed, the last one first', async () => {
    const { active, releases } = await listReleases(await settingsOf(project));
    expect(active).toBe('v3');
    expect(releases.map(({ id, active, files }) => [id, active, files])).toEqual([
      ['v3', true, 7],
      ['v2', false, 7],
      ['v1', false, 7],
    ]);
    const logo = JSON.parse(text(project, 'staticfiles.json')).paths['logo.svg'];
    const others = ['app.css', 'logo.svg', logo, 'robots.txt'];
    expect(releases[0]!.size).toBe(bytesOf(project, [...ownFiles(project, 'v3'), ...others]));
    const ages = releases.map(({ published }) => Math.round((Date.now() - published!.getTime()) / 3_600_000));
    expect(ages).toEqual([0, 24, 48]);
  });

  it('is counted apart if no other release uses it', async () => {
    const settings = await settingsOf(project);
    const { releases } = await listReleases(settings);
    const own = ownFiles(project, 'v1');
    expect(releases[2]!.only).toEqual({ files: 3, size: bytesOf(project, own) });
    const { contents, ...summary } = await showRelease(settings, 'v1');
    expect(summary).toEqual(releases[2]);
    expect(contents.filter(({ only }) => only).map(({ publicPath }) => publicPath)).toEqual(own);
    expect(contents.map(({ publicPath }) => publicPath)).toContain('robots.txt');
  });

  it('is compared by logical path', async () => {
    const settings = await settingsOf(project);
    const [from, to] = [stylePath(project, 'v1'), stylePath(project, 'v2')];
    expect(await diffReleases(settings, ['v1', 'v2'])).toEqual({
      changes: [{ logicalPath: 'app.css', change: 'changed', from, to }],
      same: 2,
    });
    expect(await diffReleases(settings, ['v1', 'v1'])).toEqual({ changes: [], same: 3 });
  });

  it('is an error for a release that does not exist', async () => {
    const message = expect.stringMatching(/^There is no release 'v9'\. .* Did you mean 'v1', 'v2', 'v3'\?$/);
    const settings = await settingsOf(project);
    await expect(showRelease(settings, 'v9')).rejects.toMatchObject({ code: 'target', message });
    await expect(diffReleases(settings, ['v1', 'v9'])).rejects.toMatchObject({ code: 'target', message });
  });

  it('fits the schemas', () => {
    for (const name of ['staticfiles', 'staticfiles.details']) {
      const schema = new URL(`../../schemas/${name}.schema.json`, import.meta.url);
      const validate = new Ajv().compile(JSON.parse(fs.readFileSync(schema, 'utf8')));
      validate(JSON.parse(text(project, `v1/${name}.json`)));
      expect(validate.errors).toBeNull();
    }
  });
});

describe('a list of releases', () => {
  it('is empty before the first one', async () => {
    const project = newSite();
    expect(await listReleases(await settingsOf(project))).toEqual({ active: undefined, releases: [] });
    await publish(project, undefined, 'red');
    expect(await listReleases(await settingsOf(project))).toEqual({ active: undefined, releases: [] });
  });

  it('has no active one after a run without a release, whose files count as used', async () => {
    const project = newSite();
    await publish(project, 'v1', 'red');
    await publish(project, undefined, 'red');
    const { active, releases } = await listReleases(await settingsOf(project));
    expect(active).toBeUndefined();
    expect(releases[0]).toMatchObject({ id: 'v1', active: false, only: { files: 0, size: 0 } });
  });

  it('has releases without details or time, as other tools publish them', async () => {
    const project = await threeReleases();
    for (const name of ['release.json', 'staticfiles.details.json']) remove(project, `v1/${name}`);
    const { releases } = await listReleases(await settingsOf(project));
    expect(releases.map(({ id }) => id)).toEqual(['v1', 'v3', 'v2']);
    expect(releases[0]).toMatchObject({ published: undefined, files: 2 + 1, size: 0 });
  });

  it('names the manifest that is damaged', async () => {
    const project = await threeReleases();
    project.write({ 'root/v2/staticfiles.json': '{"paths": {' });
    await expect(listReleases(await settingsOf(project))).rejects.toMatchObject({
      code: 'target',
      message: expect.stringContaining(`'${project.path('root/v2/staticfiles.json')}' is damaged`),
    });
  });

  it('ignores a static file with the name of a manifest', async () => {
    const project = newSite();
    project.write({ 'static/vendor/staticfiles.json': 'no manifest' });
    await publish(project, 'v1', 'red');
    const { releases } = await listReleases(await settingsOf(project));
    expect(releases.map(({ id }) => id)).toEqual(['v1']);
  });

  it('is read from the storage of the manifests', async () => {
    const manifest = { storage: { options: { location: 'private' } } };
    const project = await threeReleases({ manifest }, 'private');
    const settings = await settingsOf(project);
    expect((await listReleases(settings)).releases.map(({ id }) => id)).toEqual(['v3', 'v2', 'v1']);
    await activateRelease(settings, 'v2');
    await removeRelease(settings, 'v1');
    expect(Object.keys(project.tree('private'))).not.toContain('v1/staticfiles.json');
    expect(stylePath(project, '', 'private')).toBe(stylePath(project, 'v2', 'private'));
  });
});

describe('activating a release', () => {
  let project: Project;
  beforeEach(async () => {
    project = await threeReleases();
  });

  it('copies its manifest and details to the top', async () => {
    const report = await activateRelease(await settingsOf(project), 'v1');
    expect(report).toMatchObject({ id: 'v1', previous: 'v3' });
    for (const name of ['staticfiles.json', 'staticfiles.details.json'])
      expect(text(project, name)).toBe(text(project, `v1/${name}`));
    const statics = await loadStatic({ manifest: project.path('root/staticfiles.json'), env: {} });
    expect(text(project, statics.publicPath('app.css'))).toBe(style('red'));
    expect((await listReleases(await settingsOf(project))).active).toBe('v1');
  });

  it('reports files that keep the bytes of another release', async () => {
    const settings = await settingsOf(project);
    expect((await activateRelease(settings, 'v1')).otherBytes).toEqual(['app.css']);
    expect((await activateRelease(settings, 'v3')).otherBytes).toEqual([]);
  });

  it('can be undone by collecting, which publishes the newest again', async () => {
    await activateRelease(await settingsOf(project), 'v1');
    await publish(project, 'v3', 'black');
    expect(text(project, 'staticfiles.json')).toBe(text(project, 'v3/staticfiles.json'));
  });

  it.each(['gone', 'cut'])('is refused if one of its files is %s', async (how) => {
    const css = stylePath(project, 'v1');
    if (how === 'gone') remove(project, css);
    else fs.truncateSync(project.path('root', css), 3);
    const before = text(project, 'staticfiles.json');
    await expect(activateRelease(await settingsOf(project), 'v1')).rejects.toMatchObject({
      code: 'target',
      message: `Release 'v1' is incomplete. Missing, or not as they were published: '${css}'. Collect it again.`,
    });
    expect(text(project, 'staticfiles.json')).toBe(before);
  });

  it('does not need variants that a later release was published without', async () => {
    const { postProcess } = JSON.parse(fs.readFileSync(project.path('staticfiles.config.json'), 'utf8'));
    project.settings({ ...SETTINGS, cacheDir: 'cache', postProcess: [postProcess[0]] });
    await publish(project, 'v4', 'black');
    fs.rmSync(project.path('root', `${stylePath(project, 'v3')}.br`), { force: true });
    expect(await activateRelease(await settingsOf(project), 'v3')).toMatchObject({ previous: 'v4' });
  });

  it('is refused if its details are of another run', async () => {
    fs.copyFileSync(
      project.path('root/v2/staticfiles.details.json'),
      project.path('root/v1/staticfiles.details.json'),
    );
    await expect(activateRelease(await settingsOf(project), 'v1')).rejects.toMatchObject({
      message: expect.stringContaining('no details of the same run'),
    });
  });

  it('publishes its import map too', async () => {
    const importmap = { entries: { app: 'app.js' }, file: 'importmap.json' };
    project = newSite({ importmap });
    for (const id of ['v1', 'v2']) {
      project.write({ 'static/app.js': `export default '${id}';\n` });
      await publish(project, id, 'red');
    }
    const second = text(project, 'importmap.json');
    fs.writeFileSync(project.path('root/importmap.json.gz'), zlib.gzipSync(second));
    await activateRelease(await settingsOf(project), 'v1');
    expect(Object.keys(project.tree())).not.toContain('importmap.json.gz'); // a server would send it
    const { imports } = JSON.parse(text(project, 'importmap.json'));
    const { paths } = JSON.parse(text(project, 'v1/staticfiles.json'));
    expect(imports).toEqual({ app: `/static/${paths['app.js']}` });
    await activateRelease(await settingsOf(project), 'v2');
    expect(text(project, 'importmap.json')).toBe(second);
  });
});

describe('removing a release', () => {
  it('deletes its manifest, and nothing else', async () => {
    const project = await threeReleases();
    const before = Object.keys(project.tree());
    const report = await removeRelease(await settingsOf(project), 'v1');
    expect(report).toEqual({ id: 'v1', only: { files: 3, size: expect.any(Number) } });
    const after = Object.keys(project.tree());
    expect(before.filter((name) => !after.includes(name))).toEqual(['v1/staticfiles.json']);
    expect((await listReleases(await settingsOf(project))).releases.map(({ id }) => id)).toEqual([
      'v3',
      'v2',
    ]);
    const manifest = project.path('root/staticfiles.json');
    await expect(loadStatic({ manifest, release: 'v1', env: {} })).rejects.toMatchObject({ code: 'target' });
  });

  it('is refused for the active one', async () => {
    const project = await threeReleases();
    await expect(removeRelease(await settingsOf(project), 'v3')).rejects.toMatchObject({
      code: 'target',
      message: expect.stringContaining("Release 'v3' is active"),
    });
  });

  it('can be undone by collecting it again', async () => {
    const project = await threeReleases();
    await removeRelease(await settingsOf(project), 'v1');
    await publish(project, 'v1', 'red');
    dated(project, 'v1', 1);
    const { active, releases } = await listReleases(await settingsOf(project));
    expect([active, ...releases.map(({ id }) => id)]).toEqual(['v1', 'v3', 'v1', 'v2']);
  });
});
