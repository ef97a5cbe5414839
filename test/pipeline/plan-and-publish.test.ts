import fs from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import type { RunOptions } from '../../src/pipeline/options.js';
import type { Plan, PlanEntry } from '../../src/pipeline/plan.js';
import { planAndPublish } from '../../src/pipeline/plan-and-publish.js';
import { startRun } from '../../src/pipeline/run.js';
import { createSession } from '../../src/pipeline/session.js';
import type { Settings } from '../../src/settings/settings.js';
import type { InventoryOptions, Storage } from '../../src/storages/storage.js';
import { builtSettings } from '../support/built-settings.js';
import { made } from '../support/outputs.js';
import { newProject, type Project } from '../support/project.js';

const OUTPUTS = [made('a.css'), made('b.css')];

function attempt(project: Project, options: RunOptions = {}, changes: Partial<Settings> = {}) {
  const run = startRun(builtSettings(project, {}, changes), options);
  const done: PlanEntry[] = [];
  return { done, publish: (again = false) => planAndPublish(run, OUTPUTS, { again, done }) };
}

function steps(plan: Plan): string[] {
  return plan.map(({ action, publicPath, reason }) => `${action} ${publicPath} (${reason})`);
}

const NEW = ['copy a.css (new)', 'copy b.css (new)'];

describe('planning and publishing', () => {
  it('reports the plan, then publishes it', async () => {
    const project = newProject({});
    const planned: string[][] = [];
    const onPlan = (plan: Plan) => {
      planned.push(steps(plan));
      expect(project.texts()).toEqual({});
    };
    project.write({ root: { folder: true } });
    expect(steps(await attempt(project, { onPlan }).publish())).toEqual(NEW);
    expect(planned).toEqual([NEW]);
    expect(project.texts()).toMatchObject({ 'a.css': 'a.css', 'b.css': 'b.css' });
  });

  it('ends with the plan in a dry run', async () => {
    const project = newProject({ root: { folder: true } });
    const { done, publish } = attempt(project, { dryRun: true });
    expect(steps(await publish())).toEqual(NEW);
    expect([project.tree(), done.length]).toEqual([{}, 0]);
  });

  it('refuses links for a storage that cannot hold them', async () => {
    const project = newProject({});
    const { storage } = builtSettings(project, {});
    const changes = { storage: { ...storage, canLink: false } };
    await expect(attempt(project, { link: true }, changes).publish()).rejects.toMatchObject({
      code: 'usage',
    });
  });
});

describe('another attempt', () => {
  it('reports what the first one has done, deletions too', async () => {
    const project = newProject({ 'root/.staticfiles-run.json': '{"run":"1"}', 'root/old.css': 'old' });
    const { publish } = attempt(project, { clear: true });
    const first = steps(await publish());
    expect(first).toEqual([...NEW, 'delete old.css (not collected)']);
    const again = steps(await publish(true));
    expect(again.map((step) => step.replace('(clear)', '(new)'))).toEqual(first);
  });

  it('reports as done what it then keeps', async () => {
    const project = newProject({});
    const { done, publish } = attempt(project);
    await publish();
    expect(done.map(({ publicPath }) => publicPath)).toEqual(['a.css', 'b.css']);
    expect(steps(await publish(true))).toEqual(NEW);
  });
});

describe('the inventory', () => {
  async function looks(options: RunOptions, again = false): Promise<InventoryOptions | undefined> {
    const project = newProject({});
    const { storage } = builtSettings(project, {});
    const inventory = vi.fn(storage.inventory);
    await attempt(project, options, { storage: { ...storage, inventory } }).publish(again);
    return inventory.mock.calls[0]![1];
  }

  it('is refreshed with clear or checksum, and in another attempt', async () => {
    expect(await looks({})).toEqual({ refresh: false });
    expect(await looks({ clear: true })).toEqual({ refresh: true });
    expect(await looks({ checksum: true })).toEqual({ refresh: true });
    expect(await looks({}, true)).toEqual({ refresh: true });
    expect(await looks({ index: false })).toEqual({ refresh: false, index: false });
  });

  it('is not taken if the storage knows that all is published, unless it is refreshed', async () => {
    const project = newProject({ root: { folder: true } });
    const { storage } = builtSettings(project, {});
    const knowing: Storage = {
      ...storage,
      hasPublished: async (outputs) => outputs === OUTPUTS,
      inventory: () => Promise.reject(new Error('It looked.')),
    };
    const { publish } = attempt(project, {}, { storage: knowing });
    expect(steps(await publish())).toEqual(['keep a.css (unchanged)', 'keep b.css (unchanged)']);
    await expect(publish(true)).rejects.toThrow('It looked.');
  });
});

it('a session keeps what it has published, until the destination is emptied', async () => {
  const project = newProject({});
  const settings = builtSettings(project, {});
  const session = createSession(startRun(settings, {}).record);
  const publish = async () => {
    const attempt = { again: false, done: [] };
    return steps(await planAndPublish(startRun(settings, {}, session), OUTPUTS, attempt));
  };
  expect(await publish()).toEqual(NEW);
  project.write({ 'root/b.css': 'changed' });
  expect(await publish()).toEqual(['keep a.css (unchanged)', 'keep b.css (unchanged)']);
  for (const name of ['a.css', 'b.css']) fs.rmSync(project.path('root', name));
  expect(await publish()).toEqual(NEW);
});
