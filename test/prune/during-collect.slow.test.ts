import fs from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { type CollectOptions, collectstatic } from '../../src/collectstatic.js';
import { prune } from '../../src/prune/prune.js';
import type { PrunePlan } from '../../src/prune/rules.js';
import { removeRelease } from '../../src/releases/remove.js';
import type { Inventory, InventoryOptions, Storage } from '../../src/storages/storage.js';
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

let project: Project;

beforeEach(async () => {
  project = await threeReleases();
});

function exists(name: string): boolean {
  return fs.existsSync(project.path('root', name));
}

/** What happens to each release: `v3 kept (active)`. */
function fates(plan: PrunePlan | undefined): string[] | undefined {
  return plan?.releases.map(({ id, fate, reason }) => `${id} ${fate} (${reason})`);
}

async function fatesAfter(release: string | undefined, colour: string, keep: number, dryRun = true) {
  const { pruned } = await publish(project, release, colour, { prune: { keep }, dryRun });
  return fates(pruned?.plan);
}

/** Publishes `v4`, with an inventory that differs from the storage's. */
async function publishOver(change: (inventory: Inventory) => Partial<Inventory>, options: CollectOptions) {
  const looks: (InventoryOptions | undefined)[] = [];
  project.write({ 'static/app.css': style('white') });
  const settings = await settingsOf(project, 'v4');
  const storage: Storage = {
    ...settings.storage,
    async inventory(signal, look) {
      looks.push(look);
      const inventory = await settings.storage.inventory(signal, look);
      return { ...inventory, ...change(inventory) };
    },
  };
  return { looks, report: await collectstatic({ ...settings, storage }, options) };
}

describe.each([
  ['a dry run', true],
  ['a run', false],
])('%s that publishes a release again', (_, dryRun) => {
  it('with the same files leaves its time as it is', async () => {
    expect(await fatesAfter('v1', 'red', 2, dryRun)).toEqual([
      'v3 kept (among the newest)',
      'v2 kept (among the newest)',
      'v1 kept (active)',
    ]);
  });

  it('with other files makes it the newest', async () => {
    expect(await fatesAfter('v1', 'white', 2, dryRun)).toEqual([
      'v1 kept (active)',
      'v3 kept (among the newest)',
      'v2 pruned (old)',
    ]);
  });

  it('with another file under the same name makes it the newest', async () => {
    project.write({ 'static/robots.txt': 'ROBOTS' });
    expect((await fatesAfter('v1', 'red', 2, dryRun))?.[0]).toBe('v1 kept (active)');
  });

  it('with more variants makes it the newest', async () => {
    const settings = JSON.parse(fs.readFileSync(project.path('staticfiles.config.json'), 'utf8'));
    project.settings({ ...settings, postProcess: settings.postProcess.slice(0, 1) });
    await publish(project, 'v1', 'red');
    dated(project, 'v1', 48);
    project.settings(settings);
    expect((await fatesAfter('v1', 'red', 2, dryRun))?.[0]).toBe('v1 kept (active)');
  });

  it('after its removal deletes none of its files as those of a removed one', async () => {
    const own = ownFiles(project, 'v1');
    await removeRelease(await settingsOf(project), 'v1');
    expect(await fatesAfter('v1', 'red', 9, dryRun)).toEqual([
      'v1 kept (active)',
      'v3 kept (among the newest)',
      'v2 kept (among the newest)',
    ]);
    expect(own.every(exists)).toBe(true);
  });

  it('still deletes those of another removed one', async () => {
    await removeRelease(await settingsOf(project), 'v2');
    expect((await fatesAfter('v1', 'red', 9, dryRun))?.at(-1)).toBe('v2 removed (has no manifest)');
  });
});

it('a run without a release prunes the others, but no file that it publishes', async () => {
  const own = ownFiles(project, 'v1');
  expect(await fatesAfter(undefined, 'red', 0, false)).toEqual([
    'v3 pruned (old)',
    'v2 pruned (old)',
    'v1 pruned (old)',
  ]);
  expect(own.every(exists)).toBe(true);
  expect(stylePath(project)).toBe(own[0]);
});

it('the plan of a dry run is told once, as onPrunePlan and in the result', async () => {
  const told: PrunePlan[] = [];
  const { pruned } = await publish(project, 'v4', 'white', {
    ...{ prune: { keep: 1, maxDelete: 1 }, dryRun: true },
    onPrunePlan: (plan) => told.push(plan),
  });
  expect(told).toEqual([pruned?.plan]);
  expect(pruned).toMatchObject({ tooMany: true, deleted: { files: 9 } });
});

it('a plan that another run makes exceed the limit deletes nothing, but what was published stays', async () => {
  const own = ownFiles(project, 'v1');
  const publishing = publish(project, 'v4', 'white', {
    prune: { olderThan: 36 * HOUR, maxDelete: 3 },
    onPlan: () => dated(project, 'v2', 48),
  });
  await expect(publishing).rejects.toMatchObject({
    code: 'target',
    message: expect.stringContaining('would delete 6 files'),
  });
  expect(own.every(exists) && exists('v1/staticfiles.json')).toBe(true);
  expect(exists('v4/staticfiles.json')).toBe(true);
});

it('what another run has made old since the first look is deleted, too', async () => {
  const own = [...ownFiles(project, 'v1'), ...ownFiles(project, 'v2')];
  const { pruned } = await publish(project, 'v4', 'white', {
    prune: { olderThan: 36 * HOUR },
    onPlan: () => dated(project, 'v2', 48),
  });
  expect(pruned?.deleted.files).toBe(6);
  expect(own.filter(exists)).toEqual([]);
});

it('while a run may still wake up, nothing is pruned, and a warning says until when', async () => {
  const until = new Date('2030-01-02T03:04:05Z');
  const { report } = await publishOver(() => ({ quiet: { since: new Date(0), until } }), {
    prune: { keep: 1 },
  });
  expect(report.warnings.filter(({ code }) => code === 'nothing-pruned')).toEqual([
    {
      code: 'nothing-pruned',
      message:
        'Nothing was pruned: a run stopped responding here and may still wake up. Prune after 2030-01-02T03:04:05.000Z.',
    },
  ]);
  expect(report.pruned).toMatchObject({ deleted: { files: 0 }, plan: { quietUntil: until } });
  expect(exists('v1/staticfiles.json') && exists('v4/staticfiles.json')).toBe(true);
});

it('otherwise there is no such warning', async () => {
  const { warnings } = await publish(project, 'v4', 'white', { prune: { keep: 1 } });
  expect(warnings.map(({ code }) => code)).not.toContain('nothing-pruned');
});

it.each([
  [{ index: false }, true],
  [{}, false],
])('with %j, deletions are decided without the index: %j', async (options, expected) => {
  const { looks } = await publishOver(() => ({}), { prune: { keep: 1 }, ...options });
  const deciding = looks.filter((look) => look?.forDeletion);
  expect(deciding).not.toEqual([]);
  expect(new Set(deciding.map((look) => look?.index === false))).toEqual(new Set([expected]));
});

it('an unused file that a run has deleted is forgotten: one that comes back is not this tool’s', async () => {
  project = newSite({ postProcess: ['fingerprint'] });
  await publishSettled(project, 'red');
  const path = stylePath(project);
  const { pruned } = await publishSettled(project, 'green', { prune: { olderThan: 0 } });
  expect(pruned?.plan.files.map(({ publicPath }) => publicPath)).toEqual([path]);
  project.write({ [`root/${path}`]: 'mine' });
  const { plan } = await prune(await settingsOf(project), { olderThan: 0 });
  expect(plan).toMatchObject({ files: [], spared: [] });
});

it('an interruption while it prunes says so', async () => {
  const controller = new AbortController();
  const publishing = publish(project, 'v4', 'white', {
    ...{ prune: { keep: 1 }, signal: controller.signal },
    onPrunePlan: () => controller.abort(),
  });
  await expect(publishing).rejects.toMatchObject({ code: 'interrupted' });
  expect(exists('v1/staticfiles.json')).toBe(true);
});

it('without a manifest, the error names what would make one', async () => {
  const plain = newSite({ postProcess: [] });
  await expect(publish(plain, undefined, 'red', { prune: {} })).rejects.toMatchObject({
    code: 'usage',
    message:
      'Without a manifest, it is unknown which files are in use, so nothing can be pruned. ' +
      "Collect with the processor 'fingerprint', or with a release, or leave --prune out.",
  });
  expect(plain.tree()).toEqual({});
});
