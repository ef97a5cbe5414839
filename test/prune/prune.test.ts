import fs from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { collectstatic } from '../../src/collectstatic.js';
import { type PruneOptions, prune } from '../../src/prune/prune.js';
import { activateRelease } from '../../src/releases/activate.js';
import { removeRelease } from '../../src/releases/remove.js';
import type { Settings } from '../../src/settings/settings.js';
import { objectStorage } from '../../src/storages/objects/object-storage.js';
import type { Storage } from '../../src/storages/storage.js';
import { memoryStore } from '../support/memory-store.js';
import type { Project } from '../support/project.js';
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

const HOUR = 60 * 60 * 1000;

async function pruneSite(project: Project, options: PruneOptions = {}, changes: Partial<Settings> = {}) {
  return prune({ ...(await settingsOf(project)), ...changes }, options);
}

function stands(project: Project, name: string, folder = 'root'): boolean {
  return fs.existsSync(project.path(folder, name));
}

/** The ids of releases, and what becomes of them: `v3 kept (active)`. */
function fates({ plan }: Awaited<ReturnType<typeof pruneSite>>): string[] {
  return plan.releases.map(({ id, fate, reason }) => `${id} ${fate} (${reason})`);
}

/** The paths that manifests name and that lead to no file. */
function broken(project: Project): string[] {
  const names = Object.keys(project.tree()).filter((name) => /(^|\/)staticfiles\.json$/.test(name));
  return names.flatMap((name) => {
    const { paths } = JSON.parse(fs.readFileSync(project.path('root', name), 'utf8'));
    return Object.values<string>(paths).filter((path) => !stands(project, path));
  });
}

let project: Project;

beforeEach(async () => {
  project = await threeReleases();
});

describe('which releases stay', () => {
  it.each([
    [{ keep: 2 }, ['v3 kept (active)', 'v2 kept (among the newest)', 'v1 pruned (old)']],
    [{ keep: 0 }, ['v3 kept (active)', 'v2 pruned (old)', 'v1 pruned (old)']],
    [{ olderThan: 30 * HOUR }, ['v3 kept (active)', 'v2 kept (young)', 'v1 pruned (old)']],
    [
      { keep: 2, olderThan: 72 * HOUR },
      ['v3 kept (active)', 'v2 kept (among the newest)', 'v1 kept (young)'],
    ],
    [{}, ['v3 kept (active)', 'v2 kept (among the newest)', 'v1 kept (among the newest)']],
  ])('by %j', async (rules, expected) => {
    expect(fates(await pruneSite(project, { ...rules, dryRun: true }))).toEqual(expected);
  });

  it('by default, three and those of a week', async () => {
    await publish(project, 'v4', 'white');
    expect(fates(await pruneSite(project))[3]).toBe('v1 kept (young)');
    dated(project, 'v1', 7 * 24 + 1);
    expect(fates(await pruneSite(project))[3]).toBe('v1 pruned (old)');
  });

  it('is the active one, whatever its age', async () => {
    await activateRelease(await settingsOf(project), 'v1');
    const report = await pruneSite(project, { keep: 1 });
    expect(fates(report)).toEqual(['v3 kept (among the newest)', 'v2 pruned (old)', 'v1 kept (active)']);
    expect(broken(project)).toEqual([]);
  });

  it('is one whose time nobody knows', async () => {
    fs.rmSync(project.path('root/v1/release.json'));
    expect(fates(await pruneSite(project, { keep: 0 }))[0]).toBe('v1 kept (time unknown)');
  });
});

describe('what is deleted', () => {
  it('is what no release that stays names: files with variants, manifest, details', async () => {
    const own = ownFiles(project, 'v1').sort();
    const before = Object.keys(project.tree());
    const { plan, deleted } = await pruneSite(project, { keep: 2 });
    expect(plan.files.map(({ publicPath, reason }) => [publicPath, reason])).toEqual(
      own.map((name) => [name, "release 'v1' is pruned"]),
    );
    expect(deleted).toEqual({ files: 3, size: plan.files.reduce((sum, { size }) => sum + size, 0) });
    const left = Object.keys(project.tree());
    const manifests = ['release.json', 'staticfiles.details.json', 'staticfiles.json'];
    const expected = [...own, ...manifests.map((name) => `v1/${name}`)].sort();
    expect(before.filter((name) => !left.includes(name))).toEqual(expected);
    expect(project.emptyFolders()).toEqual([]);
  });

  it('is nothing that was not published', async () => {
    project.write({ 'root/by-hand.txt': 'mine', 'root/old.27e20196a850.css': 'mine too' });
    await pruneSite(project, { keep: 0 });
    expect(stands(project, 'by-hand.txt') && stands(project, 'old.27e20196a850.css')).toBe(true);
  });

  it('is nothing that has other bytes since, of the same length too', async () => {
    const [css, br] = ownFiles(project, 'v1');
    const sameLength = fs.readFileSync(project.path('root', css!), 'utf8').replace('red', 'RED');
    project.write({ [`root/${css}`]: sameLength, [`root/${br}`]: 'other' });
    const { plan } = await pruneSite(project, { keep: 2 });
    expect(plan.spared).toEqual([css, br].map((publicPath) => ({ publicPath, reason: 'other bytes' })));
    expect(stands(project, css!) && stands(project, br!)).toBe(true);
    expect(stands(project, `${css}.gz`)).toBe(false);
  });

  it('is no link, and nothing behind one', async () => {
    const [css] = ownFiles(project, 'v1');
    fs.renameSync(project.path('root', css!), project.path('elsewhere.css'));
    fs.symlinkSync(project.path('elsewhere.css'), project.path('root', css!));
    await pruneSite(project, { keep: 2 });
    expect(stands(project, css!)).toBe(true);
  });

  it('is no path that leads out of the storage, whatever a damaged manifest says', async () => {
    const details = project.path('root/v1/staticfiles.details.json');
    const css = stylePath(project, 'v1');
    fs.copyFileSync(project.path('root', css), project.path('outside.css'));
    fs.writeFileSync(details, fs.readFileSync(details, 'utf8').replaceAll(`"${css}"`, '"../outside.css"'));
    await pruneSite(project, { keep: 2 });
    expect(stands(project, '../outside.css')).toBe(true);
  });

  it('is what a removed release named, also where others are kept', async () => {
    const own = ownFiles(project, 'v2');
    await removeRelease(await settingsOf(project), 'v2');
    const report = await pruneSite(project, { keep: 9 });
    expect(fates(report)).toEqual([
      'v3 kept (active)',
      'v1 kept (among the newest)',
      'v2 removed (has no manifest)',
    ]);
    expect(own.filter((name) => stands(project, name))).toEqual([]);
    expect(stands(project, 'v2')).toBe(false);
  });

  it('is nothing where a manifest has no details: its variants count as needed', async () => {
    fs.rmSync(project.path('root/staticfiles.details.json'));
    fs.rmSync(project.path('root/v3/staticfiles.details.json'));
    await publish(project, 'v3', 'black');
    fs.rmSync(project.path('root/staticfiles.details.json'));
    fs.rmSync(project.path('root/v3/staticfiles.details.json'));
    await pruneSite(project, { keep: 0 });
    expect(ownFiles(project, 'v3').filter((name) => !stands(project, name))).toEqual([]);
  });

  it('is no plain copy of a live file, if the live details are of another run', async () => {
    const plain = await newSite();
    plain.write({ 'static/old.css': style('grey') });
    await publish(plain, 'v1', 'red');
    await publish(plain, undefined, 'green');
    const live = fs.readFileSync(plain.path('root/staticfiles.json'));
    fs.rmSync(plain.path('static/old.css'));
    await publish(plain, undefined, 'black');
    fs.writeFileSync(plain.path('root/staticfiles.json'), live);
    expect(fates(await pruneSite(plain, { keep: 0 }))).toEqual(['v1 pruned (old)']);
    expect(stands(plain, 'old.css')).toBe(true);
  });

  it('is deleted where the manifests stand elsewhere, too', async () => {
    project = await threeReleases({ manifest: { storage: { options: { location: 'private' } } } }, 'private');
    const own = ownFiles(project, 'v1', 'private');
    await pruneSite(project, { keep: 2 });
    expect(own.filter((name) => stands(project, name))).toEqual([]);
    expect(stands(project, 'v1', 'private')).toBe(false);
    expect(stands(project, 'v2/staticfiles.json', 'private')).toBe(true);
  });
});

describe('on a storage that is no folder', () => {
  /** Publishes three releases to it, and prunes the first two. */
  async function pruned(adapt = (storage: Storage) => storage) {
    const store = memoryStore();
    const storage = adapt(await objectStorage(store));
    project = newSite({ postProcess: ['fingerprint'] });
    for (const id of ['v1', 'v2', 'v3']) {
      project.write({ 'static/app.css': style(id) });
      await collectstatic({ ...(await settingsOf(project, id)), storage });
    }
    return { store, report: await pruneSite(project, { keep: 1 }, { storage }) };
  }

  it('files are deleted that have the hash that was published', async () => {
    const { store, report } = await pruned();
    expect(report).toMatchObject({ deleted: { files: 2 }, plan: { spared: [] } });
    expect(Object.keys(store.texts()).filter((name) => /^(v1|v2)\//.test(name))).toEqual([]);
    expect(Object.keys(store.texts()).filter((name) => name.startsWith('app.'))).toHaveLength(2);
  });

  /** One that knows no other hash of its files. */
  function comparingByMd5(storage: Storage): Storage {
    return {
      ...storage,
      async inventory(signal) {
        const { digest: _, ...inventory } = await storage.inventory(signal);
        return { ...inventory, proof: { kind: 'hash', algorithm: 'md5' } };
      },
    };
  }

  it('nothing goes where its hashes are others than those that are known', async () => {
    await expect(pruned(comparingByMd5)).rejects.toMatchObject({
      code: 'plugin',
      message: expect.stringContaining('The storage cannot compare files with what was published'),
    });
  });
});

describe('files of runs without a release', () => {
  it('go when they have not been published for long enough', async () => {
    project = newSite();
    const paths: string[] = [];
    for (const colour of ['red', 'green', 'black']) {
      project.write({ 'static/app.css': style(colour) });
      await pause(50); // a file that is too young is not recorded
      await collectstatic(await settingsOf(project));
      paths.push(stylePath(project));
    }
    expect((await pruneSite(project)).deleted.files).toBe(0);
    const { plan } = await pruneSite(project, { olderThan: 0, keep: 0 });
    const variants = (path: string) => [path, `${path}.br`, `${path}.gz`];
    expect(plan.files.map(({ publicPath }) => publicPath).sort()).toEqual(
      paths.slice(0, 2).flatMap(variants).sort(),
    );
    expect(plan.files[0]!.reason).toMatch(/^not published any more since \d{4}-\d\d-\d\d$/);
    expect(paths.map((path) => stands(project, path))).toEqual([false, false, true]);
    expect((await collectstatic(await settingsOf(project))).counts).toMatchObject({
      copied: 0,
      unmodified: 7,
    });
  });
});

describe('before anything is deleted', () => {
  it('more files than are allowed are refused, with their number', async () => {
    await expect(pruneSite(project, { keep: 0, maxDelete: 5 })).rejects.toMatchObject({
      code: 'target',
      message: expect.stringContaining('would delete 6 files, more than --max-delete allows (5)'),
    });
    expect(ownFiles(project, 'v1').every((name) => stands(project, name))).toBe(true);
    expect(stands(project, 'v1/staticfiles.json')).toBe(true);
    expect(await pruneSite(project, { keep: 0, maxDelete: 5, dryRun: true })).toMatchObject({
      tooMany: true,
    });
    expect((await pruneSite(project, { keep: 0, maxDelete: 6 })).deleted.files).toBe(6);
  });

  it('a dry run ends', async () => {
    const before = project.tree();
    const dry = await pruneSite(project, { keep: 0, dryRun: true });
    expect(project.tree()).toEqual(before);
    const { plan } = await pruneSite(project, { keep: 0 });
    expect(dry.plan).toEqual(plan);
  });

  it('somebody is asked, who may say no', async () => {
    const asked: number[] = [];
    const confirm = async ({ deleted }: { deleted: { files: number } }) => asked.push(deleted.files) > 1;
    await expect(pruneSite(project, { keep: 2, confirm })).rejects.toMatchObject({ code: 'cancelled' });
    expect(stands(project, 'v1/staticfiles.json')).toBe(true);
    await pruneSite(project, { keep: 2, confirm });
    expect(stands(project, 'v1/staticfiles.json')).toBe(false);
    await pruneSite(project, { keep: 2, confirm });
    expect(asked).toEqual([3, 3]); // nobody is asked about nothing
  });

  it('another run has changed what it would do, and it is not done', async () => {
    const confirm = async () => {
      await activateRelease(await settingsOf(project), 'v1');
      return true;
    };
    await expect(pruneSite(project, { keep: 2, confirm })).rejects.toMatchObject({
      code: 'target',
      message: expect.stringContaining('has changed since you were asked'),
    });
    expect(stands(project, stylePath(project, 'v1'))).toBe(true);
  });

  it('there must be a manifest', async () => {
    for (const name of ['staticfiles.json', 'staticfiles.details.json'])
      fs.rmSync(project.path('root', name));
    await expect(pruneSite(project, { keep: 0 })).rejects.toMatchObject({
      code: 'target',
      message: expect.stringContaining("There is no manifest 'staticfiles.json'"),
    });
  });

  it.each(['v2/staticfiles.json', 'v2/staticfiles.details.json', 'staticfiles.json'])(
    'a damaged %s stops it: what it names might be needed',
    async (name) => {
      project.write({ [`root/${name}`]: '{"version": "1.1"' });
      await expect(pruneSite(project, { keep: 2 })).rejects.toMatchObject({ code: 'target' });
      expect(ownFiles(project, 'v1').every((each) => stands(project, each))).toBe(true);
    },
  );
});

describe('where it is stopped half way', () => {
  /** A storage that fails at a call of `remove`, after some of its files. */
  function failing({ storage }: Settings, calls: number, files: number): Partial<Settings> {
    let left = calls;
    return {
      storage: {
        ...storage,
        async remove(publicPaths, options) {
          if (left-- > 0) return storage.remove(publicPaths, options);
          await storage.remove(publicPaths.slice(0, files), options);
          throw new Error('pulled the plug');
        },
      },
    };
  }

  const stops = [0, 1, 2].flatMap((calls) => [0, 1, 3].map((files) => [calls, files] as const));
  it.each(stops)(
    'at step %i after %i files, no manifest names what is gone, and the next run ends it',
    async (calls, files) => {
      const twin = await threeReleases();
      await pruneSite(twin, { keep: 1 });
      const changes = failing(await settingsOf(project), calls, files);
      await expect(pruneSite(project, { keep: 1 }, changes)).rejects.toMatchObject({ code: 'plugin' });
      expect(broken(project)).toEqual([]);
      await pruneSite(project, { keep: 1 });
      expect(Object.keys(project.tree())).toEqual(Object.keys(twin.tree()));
    },
  );
});

describe('collectstatic with prune', () => {
  it('counts the release that it publishes, and deletes afterwards', async () => {
    const steps: string[] = [];
    const report = await publish(project, 'v4', 'white', {
      prune: { keep: 2 },
      onPlan: () => steps.push('plan'),
      onPrunePlan: ({ files }) =>
        steps.push(`${files.length} to prune, ${stands(project, 'v4/staticfiles.json')}`),
    });
    expect(steps).toEqual(['plan', '6 to prune, true']);
    expect(report.pruned?.deleted.files).toBe(6);
    expect(report.pruned?.plan.releases.map(({ id, fate }) => `${id} ${fate}`)).toEqual([
      'v4 kept',
      'v3 kept',
      'v2 pruned',
      'v1 pruned',
    ]);
    expect(broken(project)).toEqual([]);
    expect(['v1', 'v2'].filter((id) => stands(project, id))).toEqual([]);
  });

  it('deletes nothing that comes back with it', async () => {
    await publish(project, 'v4', 'red', { prune: { keep: 1 } });
    expect(stylePath(project)).toMatch(/^app\./);
    expect(broken(project)).toEqual([]);
  });

  it('announces in a dry run what the run deletes', async () => {
    const dry = await publish(project, 'v4', 'white', { prune: { keep: 1 }, dryRun: true });
    const { pruned } = await publish(project, 'v4', 'white', { prune: { keep: 1 } });
    expect(dry.pruned?.plan.files).toEqual(pruned?.plan.files);
    expect(dry.pruned?.deleted.files).toBe(9);
  });

  it('publishes nothing where it would delete too much', async () => {
    const before = project.tree();
    await expect(publish(project, 'v4', 'white', { prune: { keep: 1, maxDelete: 8 } })).rejects.toMatchObject(
      {
        code: 'target',
      },
    );
    expect(project.tree()).toEqual(before);
  });

  it('is refused without a manifest', async () => {
    const plain = newSite({ postProcess: [] });
    await expect(publish(plain, undefined, 'red', { prune: {} })).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('an interruption', () => {
  it('ends it in good order, before and while it deletes', async () => {
    const controller = new AbortController();
    const { storage } = await settingsOf(project);
    const changes: Partial<Settings> = {
      storage: {
        ...storage,
        remove(publicPaths, options) {
          controller.abort();
          return storage.remove(publicPaths, options);
        },
      },
    };
    const { signal } = controller;
    await expect(pruneSite(project, { keep: 0, signal }, changes)).rejects.toMatchObject({
      code: 'interrupted',
    });
    expect(broken(project)).toEqual([]);
    await expect(pruneSite(project, { keep: 0, signal })).rejects.toMatchObject({ code: 'interrupted' });
    await expect(activateRelease(await settingsOf(project), 'v3', { signal })).rejects.toMatchObject({
      code: 'interrupted',
    });
    expect((await pruneSite(project, { keep: 0 })).deleted.files).toBe(6);
  });
});
