import { expect, it } from 'vitest';
import type { PlanEntry } from '../../src/pipeline/plan.js';
import { resultOf } from '../../src/pipeline/result.js';
import { startRun } from '../../src/pipeline/run.js';
import { builtSettings } from '../support/built-settings.js';
import { made, original } from '../support/outputs.js';
import { newProject } from '../support/project.js';

const project = newProject({});

it.each<[string, Partial<PlanEntry>]>([
  ['copied', { action: 'copy', output: original('a') }],
  ['postProcessed', { action: 'copy', output: made('a') }],
  ['linked', { action: 'link', output: original('a') }],
  ['unmodified', { action: 'keep', output: made('a') }],
  ['reheadered', { action: 'copy', reason: 'headers', output: made('a') }],
  ['deleted', { action: 'delete', reason: 'not collected' }],
  ['conflicts', { action: 'delete', reason: 'empty folder' }],
  ['conflicts', { action: 'copy', output: made('a', 'a', { role: 'manifest' }) }],
])('an entry counts as %s: %j', (name, entry) => {
  const run = startRun(builtSettings(project, {}), {});
  const step: PlanEntry = { action: 'copy', publicPath: 'a', reason: 'new', replaces: false, ...entry };
  const { counts } = resultOf(run, [step], []);
  const counted = Object.entries(counts).filter(([, count]) => count > 0);
  expect(counted).toEqual(name === 'conflicts' ? [] : [[name, 1]]);
});

it('a result has its destination, plan and conflicts', () => {
  const run = startRun(builtSettings(project, {}), { dryRun: true });
  const conflict = { path: 'a' } as never;
  expect(resultOf(run, [], [conflict])).toEqual({
    dryRun: true,
    folder: project.path('root'),
    counts: expect.objectContaining({ copied: 0, conflicts: 1 }),
    plan: [],
    conflicts: [conflict],
    warnings: [],
    milliseconds: run.milliseconds,
  });
});
