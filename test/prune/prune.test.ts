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
  publishSettled,
  settingsOf,
  style,
  stylePath,
  threeReleases,
} from '../support/releases.js';

const HOUR = 60 * 60 * 1000;

async function pruneSite(project: Project, options: PruneOptions = {}, changes: Partial<Settings> = {}) {
  return prune({ ...(await settingsOf(project)), ...changes }, options);
}

function exists(project: Project, name: string, folder = 'root'): boolean {
  return fs.existsSync(project.path(folder, name));
}

/** What happens to each release: `v3 kept (active)`. */
function fates({ plan }: Awaited<ReturnType<typeof pruneSite>>): string[] {
  return plan.releases.map(({ id, fate, reason }) => `${id} ${fate} (${reason})`);
}

/** The paths that manifests name and that do not exist. */
function broken(project: Project): string[] {
  const names = Object.keys(project.tree()).filter((name) => /(^|\/)staticfiles\.json$/.test(name));
  return names.flatMap((name) => {
    const { paths } = JSON.parse(fs.readFileSync(project.path('root', name), 'utf8'));
    return Object.values<string>(paths).filter((path) => !exists(project, path));
  });
}

let project: Project;

beforeEach(async () => {
  project = await threeReleases();
});

describe('the releases that stay', () => {
  it.each([
    [{ keep: 2 }, ['v3 kept (active)', 'v2 kept (among the newest)', 'v1 pruned (old)']],
    [{ keep: 0 }, ['v3 kept (active)', 'v2 pruned (old)', 'v1 pruned (old)']],
    [{ olderThan: 30 * HOUR }, ['v3 kept (active)', 'v2 kept (young)', 'v1 pruned (old)']],
    [
      { keep: 2, olderThan: 72 * HOUR },
      ['v3 kept (active)', 'v2 kept (among the newest)', 'v1 kept (young)'],
    ],
    [{}, ['v3 kept (active)', 'v2 kept (among the newest)', 'v1 kept (among the newest)']],
  ])('with %j', async (rules, expected) => {
    expect(fates(await pruneSite(project, { ...rules, dryRun: true }))).toEqual(expected);
  });

  it('by default are the newest three, and those of a week', async () => {
    await publish(project, 'v4', 'white');
    expect(fates(await pruneSite(project))[3]).toBe('v1 kept (young)');
    dated(project, 'v1', 7 * 24 + 1);
    expect(fates(await pruneSite(project))[3]).toBe('v1 pruned (old)');
  });

  it('include the active one, whatever its age', async () => {
    await activateRelease(await settingsOf(project), 'v1');
    const report = await pruneSite(project, { keep: 1 });
    expect(fates(report)).toEqual(['v3 kept (among the newest)', 'v2 pruned (old)', 'v1 kept (active)']);
    expect(broken(project)).toEqual([]);
  });

  it('include one whose time is unknown', async () => {
    fs.rmSync(project.path('root/v1/release.json'));
    expect(fates(await pruneSite(project, { keep: 0 }))[0]).toBe('v1 kept (time unknown)');
  });
});

describe('the deleted files', () => {
  it('are those that no other release names: files with variants, manifest, details', async () => {
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

  it('are only files that were published', async () => {
    project.write({ 'root/by-hand.txt': 'mine', 'root/old.27e20196a850.css': 'mine too' });
    await pruneSite(project, { keep: 0 });
    expect(exists(project, 'by-hand.txt') && exists(project, 'old.27e20196a850.css')).toBe(true);
  });

  it('are only files that have the same bytes, not just the same length', async () => {
    const [css, br] = ownFiles(project, 'v1');
    const sameLength = fs.readFileSync(project.path('root', css!), 'utf8').replace('red', 'RED');
    project.write({ [`root/${css}`]: sameLength, [`root/${br}`]: 'other' });
    const { plan } = await pruneSite(project, { keep: 2 });
    expect(plan.spared).toEqual([css, br].map((publicPath) => ({ publicPath, reason: 'other bytes' })));
    expect(exists(project, css!) && exists(project, br!)).toBe(true);
    expect(exists(project, `${css}.gz`)).toBe(false);
  });

  it('are not links, or their targets', async () => {
    const [css] = ownFiles(project, 'v1');
    fs.renameSync(project.path('root', css!), project.path('elsewhere.css'));
    fs.symlinkSync(project.path('elsewhere.css'), project.path('root', css!));
    await pruneSite(project, { keep: 2 });
    expect(exists(project, css!)).toBe(true);
  });

  it('are in the storage, whatever a damaged manifest says', async () => {
    const details = project.path('root/v1/staticfiles.details.json');
    const css = stylePath(project, 'v1');
    fs.copyFileSync(project.path('root', css), project.path('outside.css'));
    fs.writeFileSync(details, fs.readFileSync(details, 'utf8').replaceAll(`"${css}"`, '"../outside.css"'));
    await pruneSite(project, { keep: 2 });
    expect(exists(project, '../outside.css')).toBe(true);
  });

  it('include those of a removed release, also if others are kept', async () => {
    const own = ownFiles(project, 'v2');
    await removeRelease(await settingsOf(project), 'v2');
    const report = await pruneSite(project, { keep: 9 });
    expect(fates(report)).toEqual([
      'v3 kept (active)',
      'v1 kept (among the newest)',
      'v2 removed (has no manifest)',
    ]);
    expect(own.filter((name) => exists(project, name))).toEqual([]);
    expect(exists(project, 'v2')).toBe(false);
  });

  it('are no possible variants of a live manifest without details', async () => {
    fs.rmSync(project.path('root/staticfiles.details.json'));
    fs.rmSync(project.path('root/v3/staticfiles.details.json'));
    await publish(project, 'v3', 'black');
    fs.rmSync(project.path('root/staticfiles.details.json'));
    fs.rmSync(project.path('root/v3/staticfiles.details.json'));
    await pruneSite(project, { keep: 0 });
    expect(ownFiles(project, 'v3').filter((name) => !exists(project, name))).toEqual([]);
  });

  it('are no originals of a live manifest whose details are of another run', async () => {
    const plain = await newSite();
    plain.write({ 'static/old.css': style('grey') });
    await publish(plain, 'v1', 'red');
    await publish(plain, undefined, 'green');
    const live = fs.readFileSync(plain.path('root/staticfiles.json'));
    fs.rmSync(plain.path('static/old.css'));
    await publish(plain, undefined, 'black');
    fs.writeFileSync(plain.path('root/staticfiles.json'), live);
    expect(fates(await pruneSite(plain, { keep: 0 }))).toEqual(['v1 pruned (old)']);
    expect(exists(plain, 'old.css')).toBe(true);
  });

  it('include those of releases whose manifests have another storage', async () => {
    project = await threeReleases({ manifest: { storage: { options: { location: 'private' } } } }, 'private');
    const own = ownFiles(project, 'v1', 'private');
    await pruneSite(project, { keep: 2 });
    expect(own.filter((name) => exists(project, name))).toEqual([]);
    expect(exists(project, 'v1', 'private')).toBe(false);
    expect(exists(project, 'v2/staticfiles.json', 'private')).toBe(true);
  });
});

describe('on an object store', () => {
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

  it('files with the published hash are deleted', async () => {
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

  it('nothing is deleted if it has other hashes than those that are known', async () => {
    await expect(pruned(comparingByMd5)).rejects.toMatchObject({
      code: 'plugin',
      message: expect.stringContaining('The storage cannot compare files with what was published'),
    });
  });
});

describe('files of runs without a release', () => {
  it('are deleted if they have not been published for long enough', async () => {
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
    expect(paths.map((path) => exists(project, path))).toEqual([false, false, true]);
    expect((await collectstatic(await settingsOf(project))).counts).toMatchObject({
      copied: 0,
      unmodified: 3,
    });
  });
});

it('the result says where it was', async () => {
  expect(await pruneSite(project)).toMatchObject({ dryRun: false, folder: project.path('root') });
  expect(await pruneSite(project, { dryRun: true })).toMatchObject({ dryRun: true });
});

it('what earlier runs left is still known after it', async () => {
  project = newSite({ postProcess: ['fingerprint'] });
  await publishSettled(project, 'red');
  const red = stylePath(project);
  await pruneSite(project, { olderThan: 0 });
  await publishSettled(project, 'green');
  const green = stylePath(project);
  await pruneSite(project);
  await publishSettled(project, 'black');
  const { plan } = await pruneSite(project, { olderThan: 0 });
  expect(plan.files.map(({ publicPath }) => publicPath).sort()).toEqual([green, red].sort());
});

it('a cache that cannot be read is warned of', async () => {
  const records = project.path('cache/records');
  for (const name of fs.readdirSync(records)) {
    fs.rmSync(`${records}/${name}`);
    fs.mkdirSync(`${records}/${name}`);
  }
  const warned: string[] = [];
  const onWarning: PruneOptions['onWarning'] = ({ code, message }) => void warned.push(`${code}: ${message}`);
  expect((await pruneSite(project, { keep: 2, onWarning })).deleted.files).toBe(3);
  expect(warned[0]).toMatch(/^cache: Cannot read the cache folder/);
  expect(warned).toHaveLength(1);
  await expect(pruneSite(project, { keep: 2 })).resolves.toMatchObject({ deleted: { files: 0 } });
});

describe('before anything is deleted', () => {
  it('a plan that exceeds the limit is refused, with the number of files', async () => {
    await expect(pruneSite(project, { keep: 0, maxDelete: 5 })).rejects.toMatchObject({
      code: 'target',
      message: expect.stringContaining('would delete 6 files, more than --max-delete allows (5)'),
    });
    expect(ownFiles(project, 'v1').every((name) => exists(project, name))).toBe(true);
    expect(exists(project, 'v1/staticfiles.json')).toBe(true);
    expect(await pruneSite(project, { keep: 0, maxDelete: 5, dryRun: true })).toMatchObject({
      tooMany: true,
    });
    expect((await pruneSite(project, { keep: 0, maxDelete: 6 })).deleted.files).toBe(6);
  });

  it('a dry run ends, with the same plan', async () => {
    const before = project.tree();
    const dry = await pruneSite(project, { keep: 0, dryRun: true });
    expect(project.tree()).toEqual(before);
    const { plan } = await pruneSite(project, { keep: 0 });
    expect(dry.plan).toEqual(plan);
  });

  it('confirm is called, and may refuse', async () => {
    const asked: number[] = [];
    const confirm = async ({ deleted }: { deleted: { files: number } }) => asked.push(deleted.files) > 1;
    await expect(pruneSite(project, { keep: 2, confirm })).rejects.toMatchObject({
      code: 'cancelled',
      message: 'Pruning cancelled.',
    });
    expect(exists(project, 'v1/staticfiles.json')).toBe(true);
    await pruneSite(project, { keep: 2, confirm });
    expect(exists(project, 'v1/staticfiles.json')).toBe(false);
    await pruneSite(project, { keep: 2, confirm });
    expect(asked).toEqual([3, 3]); // nobody is asked about nothing
  });

  it('the plan is told once, before the question', async () => {
    const steps: string[] = [];
    const onPlan: PruneOptions['onPlan'] = ({ files }) => void steps.push(`plan of ${files.length}`);
    const confirm = async () => steps.push('asked') > 0;
    await pruneSite(project, { keep: 2, onPlan, confirm });
    expect(steps).toEqual(['plan of 3', 'asked']);
  });

  it.each([
    ['without a question', {}],
    ['in a dry run', { dryRun: true }],
  ])('the plan is told once, %s', async (_, options) => {
    const steps: number[] = [];
    await pruneSite(project, { keep: 2, onPlan: ({ files }) => steps.push(files.length), ...options });
    expect(steps).toEqual([3]);
  });

  it('nobody is asked in a dry run, nor if too much would be deleted', async () => {
    const confirm = async () => expect.unreachable('asked');
    const dry = await pruneSite(project, { keep: 2, confirm, dryRun: true });
    expect(dry).toMatchObject({ dryRun: true, deleted: { files: 3 } });
    await expect(pruneSite(project, { keep: 2, confirm, maxDelete: 2 })).rejects.toMatchObject({
      code: 'target',
      message: expect.stringContaining('would delete 3 files'),
    });
  });

  it('the question has the number and size of the files, and other runs do not wait for its answer', async () => {
    const size = ownFiles(project, 'v1').reduce(
      (sum, name) => sum + fs.statSync(project.path('root', name)).size,
      0,
    );
    const confirm: PruneOptions['confirm'] = async ({ deleted, tooMany, plan }) => {
      expect([deleted, tooMany]).toEqual([{ files: 3, size }, false]);
      expect(plan.releases.map(({ id }) => id)).toEqual(['v3', 'v2', 'v1']);
      await collectstatic(await settingsOf(project, 'v3'));
      return true;
    };
    expect(await pruneSite(project, { keep: 2, confirm })).toMatchObject({
      dryRun: false,
      deleted: { files: 3 },
    });
  });

  it('a release without files of its own is asked about, too', async () => {
    await publish(project, 'v4', 'black');
    dated(project, 'v4', 72);
    const asked: number[] = [];
    const confirm = async ({ deleted }: { deleted: { files: number } }) => asked.push(deleted.files) > 0;
    await activateRelease(await settingsOf(project), 'v3');
    await pruneSite(project, { olderThan: 50 * HOUR, confirm });
    expect(asked).toEqual([0]);
    expect(exists(project, 'v4/staticfiles.json')).toBe(false);
  });

  it('unused files without a release are asked about, too', async () => {
    project = newSite({ postProcess: ['fingerprint'] });
    await publishSettled(project, 'red');
    const path = stylePath(project);
    await publishSettled(project, 'green');
    const asked: number[] = [];
    const confirm = async ({ deleted }: { deleted: { files: number } }) => asked.push(deleted.files) > 0;
    await pruneSite(project, { olderThan: 0, confirm });
    expect(asked).toEqual([1]);
    expect(exists(project, path)).toBe(false);
  });

  it('as many other files end it', async () => {
    const [, br, gz] = ownFiles(project, 'v1');
    const bytes = fs.readFileSync(project.path('root', br!));
    project.write({ [`root/${br}`]: 'mine' });
    const confirm = async () => {
      fs.writeFileSync(project.path('root', br!), bytes);
      project.write({ [`root/${gz}`]: 'mine' });
      return true;
    };
    await expect(pruneSite(project, { keep: 2, confirm })).rejects.toMatchObject({
      code: 'target',
      message: expect.stringContaining('has changed since you were asked'),
    });
    expect(exists(project, br!)).toBe(true);
  });

  it('as many other releases end it', async () => {
    for (const id of ['v4', 'v5']) await publish(project, id, 'black');
    dated(project, 'v4', 72);
    await activateRelease(await settingsOf(project), 'v3');
    const confirm = async () => {
      dated(project, 'v4', 1);
      dated(project, 'v5', 72);
      return true;
    };
    await expect(pruneSite(project, { olderThan: 50 * HOUR, confirm })).rejects.toMatchObject({
      code: 'target',
      message: expect.stringContaining('has changed since you were asked'),
    });
    expect(exists(project, 'v5/staticfiles.json')).toBe(true);
  });

  it('a release that another run publishes meanwhile ends it, also if the same files go', async () => {
    const confirm = async () => {
      await publish(project, 'v4', 'black');
      return true;
    };
    await expect(pruneSite(project, { olderThan: 36 * HOUR, confirm })).rejects.toMatchObject({
      code: 'target',
      message: expect.stringContaining('has changed since you were asked'),
    });
    expect(exists(project, stylePath(project, 'v1'))).toBe(true);
  });

  it('a file that somebody changes meanwhile ends it', async () => {
    const confirm = async () => {
      project.write({ [`root/${stylePath(project, 'v1')}`]: 'mine' });
      return true;
    };
    await expect(pruneSite(project, { keep: 2, confirm })).rejects.toMatchObject({
      code: 'target',
      message: expect.stringContaining('has changed since you were asked'),
    });
    expect(exists(project, `${ownFiles(project, 'v1')[1]}`)).toBe(true);
  });

  it('a change by another run is found, and ends it', async () => {
    const confirm = async () => {
      await activateRelease(await settingsOf(project), 'v1');
      return true;
    };
    await expect(pruneSite(project, { keep: 2, confirm })).rejects.toMatchObject({
      code: 'target',
      message: expect.stringContaining('has changed since you were asked'),
    });
    expect(exists(project, stylePath(project, 'v1'))).toBe(true);
  });

  it('a missing manifest ends it', async () => {
    for (const name of ['staticfiles.json', 'staticfiles.details.json'])
      fs.rmSync(project.path('root', name));
    await expect(pruneSite(project, { keep: 0 })).rejects.toMatchObject({
      code: 'target',
      message:
        "There is no manifest 'staticfiles.json', so it is unknown which files are in use, and nothing is pruned. " +
        "Collect with the processor 'fingerprint', or with a release, first.",
    });
  });

  it.each(['v2/staticfiles.json', 'v2/staticfiles.details.json', 'staticfiles.json'])(
    'a damaged %s ends it, since the files that it names may be needed',
    async (name) => {
      project.write({ [`root/${name}`]: '{"version": "1.1"' });
      await expect(pruneSite(project, { keep: 2 })).rejects.toMatchObject({ code: 'target' });
      expect(ownFiles(project, 'v1').every((each) => exists(project, each))).toBe(true);
    },
  );
});

describe('if it is stopped half way', () => {
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
    'at step %i after %i files, no manifest names a missing file, and the next run goes on',
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
        steps.push(`${files.length} to prune, ${exists(project, 'v4/staticfiles.json')}`),
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
    expect(['v1', 'v2'].filter((id) => exists(project, id))).toEqual([]);
  });

  it('deletes nothing that it publishes again', async () => {
    await publish(project, 'v4', 'red', { prune: { keep: 1 } });
    expect(stylePath(project)).toMatch(/^app\./);
    expect(broken(project)).toEqual([]);
  });

  it('plans the same in a dry run', async () => {
    const dry = await publish(project, 'v4', 'white', { prune: { keep: 1 }, dryRun: true });
    const { pruned } = await publish(project, 'v4', 'white', { prune: { keep: 1 } });
    expect(dry.pruned?.plan.files).toEqual(pruned?.plan.files);
    expect(dry.pruned?.deleted.files).toBe(9);
  });

  it('publishes nothing if it would delete too much', async () => {
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
  it('ends it cleanly, before and while it deletes', async () => {
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
