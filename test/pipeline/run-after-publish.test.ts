import { describe, expect, it } from 'vitest';
import type { AfterPublish } from '../../src/cdn/after-publish.js';
import { collectstatic } from '../../src/collectstatic.js';
import { prune } from '../../src/prune/prune.js';
import { activateRelease } from '../../src/releases/activate.js';
import { removeRelease } from '../../src/releases/remove.js';
import { resolveSettings } from '../../src/settings/resolve.js';
import type { AfterPublishEntry } from '../../src/settings/settings.js';
import { newProject, type Project, SETTINGS } from '../support/project.js';

function settingsOf(project: Project, afterPublish: AfterPublishEntry, release?: string) {
  return resolveSettings(
    {
      ...SETTINGS,
      cacheDir: 'cache',
      postProcess: ['fingerprint'],
      storages: { staticfiles: { afterPublish } },
      ...(release !== undefined && { release: { id: release } }),
    },
    { baseDir: project.dir },
  );
}

/** A hook that notes the paths and URLs that it gets. */
function noting() {
  const calls: string[][] = [];
  const urls = new Set<string>();
  const afterPublish: AfterPublish = async (changed, { publicUrl, signal }) => {
    signal.throwIfAborted();
    calls.push(
      changed.map(({ publicPath, immutable }) => (immutable ? `${publicPath} (immutable)` : publicPath)),
    );
    urls.add(publicUrl);
  };
  return { calls, urls, afterPublish };
}

describe('the hook after publishing', () => {
  it('gets the changed files, and is not called if there are none', async () => {
    const project = newProject({ 'static/app.css': 'a {}' });
    const { calls, urls, afterPublish } = noting();
    const settings = await settingsOf(project, afterPublish);
    await collectstatic(settings, { dryRun: true });
    expect(calls).toEqual([]);
    await collectstatic(settings);
    expect(calls.map((paths) => paths.toSorted())).toEqual([
      ['app.2b2a8c4c4dc7.css (immutable)', 'app.css', 'staticfiles.details.json', 'staticfiles.json'].map(
        (name) => name.replace('2b2a8c4c4dc7', hashIn(project)),
      ),
    ]);
    expect(urls).toEqual(new Set(['/static/']));
    await collectstatic(settings);
    expect(calls).toHaveLength(1);
    project.write({ 'root/other.css': 'other' });
    await collectstatic(settings, { clear: true });
    expect(calls[1]).toContain('other.css');
  });

  it('is called after pruning, activating and removing releases too', async () => {
    const project = newProject({ 'static/app.css': 'a {}' });
    const { calls, afterPublish } = noting();
    await collectstatic(await settingsOf(project, afterPublish, 'v1'));
    project.write({ 'static/app.css': 'b {}' });
    await collectstatic(await settingsOf(project, afterPublish, 'v2'));
    calls.length = 0;
    const settings = await settingsOf(project, afterPublish);
    await activateRelease(settings, 'v1');
    expect(calls).toEqual([['staticfiles.details.json', 'staticfiles.json']]);
    await removeRelease(settings, 'v2');
    expect(calls[1]).toEqual(['v2/staticfiles.json']);
    await prune(settings, {});
    expect(calls[2]).toEqual([
      'v2/staticfiles.json',
      expect.stringMatching(/^app\.\w+\.css$/),
      'v2/release.json',
      'v2/staticfiles.details.json',
    ]);
  });

  it('fails the run after everything is published', async () => {
    const project = newProject({ 'static/app.css': 'a {}' });
    const settings = await settingsOf(project, () => {
      throw new Error('no such zone');
    });
    await expect(collectstatic(settings)).rejects.toMatchObject({
      code: 'plugin',
      message:
        'Everything is published, but then storages.staticfiles.afterPublish failed: no such zone. It will not be called again for these files. Do by hand what it would have done.',
    });
    expect(Object.keys(project.texts())).toContain('staticfiles.json');
    expect((await collectstatic(settings)).counts).toMatchObject({ copied: 0 });
  });

  it('may be a module with options', async () => {
    const project = newProject({
      'static/app.css': 'a {}',
      'purge.mjs':
        'import fs from "node:fs"; export default ({ to }, { baseDir }) => (changed) => fs.writeFileSync(new URL(to, "file://" + baseDir + "/"), changed[0].publicPath);',
    });
    await collectstatic(await settingsOf(project, ['./purge.mjs', { to: 'calls.txt' }]));
    expect(project.texts('.')['calls.txt']).toBe('app.css');
  });

  it('must be a function', async () => {
    const project = newProject({ 'purge.mjs': 'export default () => ({ name: "purge" });' });
    await expect(settingsOf(project, './purge.mjs')).rejects.toMatchObject({
      code: 'plugin',
      message: "The hook './purge.mjs' (storages.staticfiles.afterPublish) must be a function, not object.",
    });
  });

  it('may be built in, by name', async () => {
    const project = newProject({});
    await expect(settingsOf(project, 'cloudfrnt')).rejects.toThrow("Did you mean 'cloudfront'?");
    const afterPublish = ['cloudfront', { distributionID: 'E1' }] as unknown as AfterPublishEntry;
    await expect(settingsOf(project, afterPublish)).rejects.toThrow(
      "storages.staticfiles.afterPublish[1].distributionID: unknown option of the hook 'cloudfront'. Did you mean 'distributionId'? (staticfiles.E006)",
    );
  });
});

function hashIn(project: Project): string {
  return Object.keys(project.texts())
    .find((name) => /^app\.\w{12}\.css$/.test(name))!
    .split('.')[1]!;
}
