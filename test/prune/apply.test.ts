import fs from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { prune } from '../../src/prune/prune.js';
import type { PruneLimits } from '../../src/prune/rules.js';
import type { Settings } from '../../src/settings/settings.js';
import type { ChangedFile, RemoveOptions, Storage } from '../../src/storages/storage.js';
import type { Project } from '../support/project.js';
import {
  newSite,
  ownFiles,
  publish,
  publishSettled,
  settingsOf,
  stylePath,
  threeReleases,
} from '../support/releases.js';

let project: Project;

beforeEach(async () => {
  project = await threeReleases();
});

const manifestOf = (id: string) => `${id}/staticfiles.json`;
const detailsOf = (id: string) => [`${id}/release.json`, `${id}/staticfiles.details.json`];
const names = (changed: readonly ChangedFile[]) => changed.map(({ publicPath }) => publicPath);

/** Prunes with a storage that differs from the project's. */
async function pruneWith(
  limits: PruneLimits,
  change: (storage: Storage) => Partial<Storage>,
  more: Partial<Settings> = {},
) {
  const settings = await settingsOf(project);
  const { storage } = settings;
  return prune({ ...settings, storage: { ...storage, ...change(storage) }, ...more }, limits);
}

describe('what prune has deleted', () => {
  /** Notes what the storage and the hook are told. */
  function listeners() {
    const commits: ChangedFile[][] = [];
    const hooked: ChangedFile[][] = [];
    const note = (list: ChangedFile[][]) => async (changed: readonly ChangedFile[]) => {
      list.push([...changed]);
    };
    const afterPublish = note(hooked);
    const commit: Storage['commit'] = async ({ changed }) => note(commits)(changed);
    return { commits, hooked, afterPublish, commit };
  }

  it('is told to the storage and to afterPublish, once and in the order of deletion', async () => {
    const own = ownFiles(project, 'v1');
    const { commits, hooked, afterPublish, commit } = listeners();
    await pruneWith({ keep: 2 }, () => ({ commit }), { afterPublish });
    const expected = [manifestOf('v1'), ...own, ...detailsOf('v1')];
    expect(commits.map(names)).toEqual([expected]);
    expect(hooked.map(names)).toEqual([expected]);
    expect(commits[0]!.every(({ immutable }) => immutable)).toBe(false);
  });

  it('need not be told: a storage may have no commit', async () => {
    const { commit: _, ...storage } = (await settingsOf(project)).storage;
    const { deleted } = await prune({ ...(await settingsOf(project)), storage }, { keep: 2 });
    expect(deleted.files).toBe(3);
  });

  it('is told to no one if it is nothing', async () => {
    const { commits, hooked, afterPublish, commit } = listeners();
    await pruneWith({ keep: 3 }, () => ({ commit }), { afterPublish });
    expect([commits, hooked]).toEqual([[], []]);
  });

  it('is told to each storage by itself if manifests have their own, and afterPublish hears of files', async () => {
    project = await threeReleases({ manifest: { storage: { options: { location: 'private' } } } }, 'private');
    const own = ownFiles(project, 'v1', 'private');
    const ofFiles = listeners();
    const ofManifests = listeners();
    const settings = await settingsOf(project);
    const manifests = { ...settings.manifest.storage!, commit: ofManifests.commit };
    await pruneWith({ keep: 2 }, () => ({ commit: ofFiles.commit }), {
      manifest: { ...settings.manifest, storage: manifests },
      afterPublish: ofFiles.afterPublish,
    });
    expect(ofFiles.commits.map(names)).toEqual([own]);
    expect(ofFiles.hooked.map(names)).toEqual([own]);
    expect(ofManifests.commits.map(names)).toEqual([[manifestOf('v1'), ...detailsOf('v1')]]);
  });
});

it('the storage learns with each deletion which releases go, so that none of them is activated later', async () => {
  const told: RemoveOptions['going'][] = [];
  await pruneWith({ keep: 1 }, (storage) => ({
    remove(publicPaths, options) {
      told.push(options.going);
      return storage.remove(publicPaths, options);
    },
  }));
  expect(told).toEqual([
    ['v2', 'v1'],
    ['v2', 'v1'],
    ['v2', 'v1'],
  ]);
});

describe('a file that the storage leaves alone, since somebody has replaced it', () => {
  const sparing = (spared: string) => (storage: Storage) => ({
    remove: (publicPaths: readonly string[], options: RemoveOptions) =>
      storage.remove(
        publicPaths.filter((each) => each !== spared),
        options,
      ),
  });

  it('is reported as spared, and not as deleted', async () => {
    const [css, ...variants] = ownFiles(project, 'v1');
    const hooked: string[] = [];
    const { plan, deleted } = await pruneWith({ keep: 2 }, sparing(css!), {
      afterPublish: async (changed) => void hooked.push(...names(changed)),
    });
    expect(plan.spared).toEqual([{ publicPath: css, reason: 'other bytes' }]);
    expect(plan.files.map(({ publicPath }) => publicPath)).toEqual(variants);
    expect(deleted.files).toBe(2);
    expect(hooked).not.toContain(css);
    expect(fs.existsSync(project.path('root', css!))).toBe(true);
  });

  it('comes after those that the plan has spared', async () => {
    const [css, br] = ownFiles(project, 'v1');
    project.write({ [`root/${br}`]: 'other' });
    const { plan } = await pruneWith({ keep: 2 }, sparing(css!));
    expect(plan.spared.map(({ publicPath }) => publicPath)).toEqual([br, css]);
  });
});

describe('an unused file that somebody has replaced', () => {
  /** Publishes two style sheets without a release. Returns the path of the first one, which has other bytes now. */
  async function replaced(): Promise<string> {
    project = newSite({ postProcess: ['fingerprint'] });
    await publishSettled(project, 'red');
    const path = stylePath(project);
    await publishSettled(project, 'green');
    project.write({ [`root/${path}`]: 'mine' });
    return path;
  }

  it('is spared once, and is not looked at again', async () => {
    const path = await replaced();
    const settings = await settingsOf(project);
    const spared = async () => (await prune(settings, { olderThan: 0 })).plan.spared;
    expect(await spared()).toEqual([{ publicPath: path, reason: 'other bytes' }]);
    expect(await spared()).toEqual([]);
    expect(project.texts()[path]).toBe('mine');
  });

  it('is not forgotten by a dry run', async () => {
    const path = await replaced();
    const settings = await settingsOf(project);
    const spared = async () => (await prune(settings, { olderThan: 0, dryRun: true })).plan.spared;
    expect(await spared()).toEqual([{ publicPath: path, reason: 'other bytes' }]);
    expect(await spared()).toEqual([{ publicPath: path, reason: 'other bytes' }]);
  });
});

it('an unused file that was deleted is forgotten: one that comes back is not this tool’s', async () => {
  project = newSite({ postProcess: ['fingerprint'] });
  await publishSettled(project, 'red');
  const path = stylePath(project);
  await publishSettled(project, 'green');
  const settings = await settingsOf(project);
  expect((await prune(settings, { olderThan: 0 })).plan.files.map(({ publicPath }) => publicPath)).toEqual([
    path,
  ]);
  project.write({ [`root/${path}`]: 'mine' });
  expect((await prune(settings, { olderThan: 0 })).plan).toMatchObject({ files: [], spared: [] });
});

describe('if the storage cannot keep other runs out', () => {
  const lock = (exclusive: boolean): NonNullable<Storage['lock']> => {
    return async () => ({ lost: new AbortController().signal, exclusive, release: async () => {} });
  };

  /** Publishes the files of `v1` again, after they are planned and before they are deleted. */
  const publishing = (release?: string) => (storage: Storage) => {
    let isPublished = false;
    return {
      lock: lock(false),
      async remove(publicPaths: readonly string[], options: RemoveOptions) {
        if (!isPublished) {
          isPublished = true;
          await publish(project, release, 'red');
        }
        await storage.remove(publicPaths, options);
      },
    };
  };

  it.each(['v4', undefined])('a run that publishes %s meanwhile is told which files it lacks', async (id) => {
    const [css, br, gz] = ownFiles(project, 'v1');
    const result = pruneWith({ keep: 2 }, publishing(id));
    await expect(result).rejects.toMatchObject({
      code: 'target',
      message: expect.stringContaining(
        'Another run has published at the same time, and needs files that were deleted: ',
      ),
    });
    await expect(result).rejects.toThrow(new RegExp([css, br, gz].map((path) => `'${path}'`).join('.*')));
    await expect(result).rejects.toThrow(/Collect its release again\.$/);
  });

  it('a run that publishes other files meanwhile is no error', async () => {
    const { deleted } = await pruneWith({ keep: 2 }, (storage) => ({
      lock: lock(false),
      async remove(publicPaths, options) {
        if (publicPaths.includes(manifestOf('v1'))) await publish(project, 'v4', 'white');
        await storage.remove(publicPaths, options);
      },
    }));
    expect(deleted.files).toBe(3);
    expect(ownFiles(project, 'v4').every((name) => fs.existsSync(project.path('root', name)))).toBe(true);
  });

  it('no run is no error', async () => {
    expect((await pruneWith({ keep: 1 }, () => ({ lock: lock(false) }))).deleted.files).toBe(6);
  });
});

it('an interruption after the manifests are gone leaves the files to the next run', async () => {
  const own = ownFiles(project, 'v1');
  const controller = new AbortController();
  const settings = await settingsOf(project);
  const storage: Storage = {
    ...settings.storage,
    async remove(publicPaths, options) {
      await settings.storage.remove(publicPaths, options);
      controller.abort();
    },
  };
  const stopped = prune({ ...settings, storage }, { keep: 2, signal: controller.signal });
  await expect(stopped).rejects.toMatchObject({ code: 'interrupted' });
  expect(fs.existsSync(project.path('root', manifestOf('v1')))).toBe(false);
  expect(own.every((name) => fs.existsSync(project.path('root', name)))).toBe(true);
  const { plan } = await prune(settings, { keep: 2 });
  expect(plan.files.map(({ publicPath, reason }) => [publicPath, reason])).toEqual(
    own.map((name) => [name, "release 'v1' was removed"]),
  );
});
