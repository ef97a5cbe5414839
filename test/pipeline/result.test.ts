import { expect, it } from 'vitest';
import type { PlanEntry } from '../../src/pipeline/plan.js';
import { resultOf } from '../../src/pipeline/result.js';
import { startRun } from '../../src/pipeline/run.js';
import { builtSettings } from '../support/built-settings.js';
import { made, original } from '../support/outputs.js';
import { newProject } from '../support/project.js';

const project = newProject({});

it.each<[string, Partial<PlanEntry>]>([
  ['postProcessed', { action: 'copy', output: made('a') }],
  ['reheadered', { action: 'copy', reason: 'headers', output: made('a') }],
  ['deleted', { action: 'delete', reason: 'not collected' }],
  ['conflicts', { action: 'delete', reason: 'empty folder' }],
  ['conflicts', { action: 'copy', output: made('a', 'a', { role: 'manifest' }) }],
])('an entry counts as %s: %j', (name, entry) => {
  const run = startRun(builtSettings(project, {}), {});
  const step: PlanEntry = { action: 'copy', publicPath: 'a', reason: 'new', replaces: false, ...entry };
  const { counts } = resultOf(run, [step], { files: [], conflicts: [] });
  const counted = Object.entries(counts).filter(([, count]) => count > 0);
  expect(counted).toEqual(name === 'conflicts' ? [] : [[name, 1]]);
});

it.each<[string, readonly Partial<PlanEntry>[]]>([
  ['copied', [{ output: original('a') }, { output: made('a.1', 'a', { logicalPath: 'a' }) }]],
  ['copied', [{ output: made('a.1', 'a', { logicalPath: 'a' }) }]],
  ['copied', [{ action: 'keep', output: original('a') }, { output: made('a.1', 'a', { logicalPath: 'a' }) }]],
  ['linked', [{ action: 'link', output: original('a') }, { output: made('a.1', 'a', { logicalPath: 'a' }) }]],
  [
    'unmodified',
    [
      { action: 'keep', output: original('a') },
      { action: 'keep', output: made('a.1', 'a', { logicalPath: 'a' }) },
    ],
  ],
  ['unmodified', [{ reason: 'headers', output: original('a') }]],
  [
    'unmodified',
    [
      { action: 'keep', output: original('a') },
      { output: made('a.gz', 'z', { logicalPath: 'a', variantOf: 'a' }) },
    ],
  ],
])('a static file counts once, as %s, with %j', (name, entries) => {
  const run = startRun(builtSettings(project, {}), {});
  const plan = entries.map(
    (entry): PlanEntry => ({ action: 'copy', publicPath: 'a', reason: 'new', replaces: false, ...entry }),
  );
  const root = { dir: project.dir, prefix: '', setting: 'test', vendor: false };
  const files = [{ logicalPath: 'a', sourcePath: project.path('a'), root }];
  const { counts } = resultOf(run, plan, { files, conflicts: [] });
  const counted = { copied: counts.copied, linked: counts.linked, unmodified: counts.unmodified };
  expect(counts.files).toBe(1);
  expect(Object.entries(counted).filter(([, count]) => count > 0)).toEqual([[name, 1]]);
});

it('a result has its destination, plan and conflicts', () => {
  const run = startRun(builtSettings(project, {}), { dryRun: true });
  const conflict = { path: 'a' } as never;
  expect(resultOf(run, [], { files: [], conflicts: [conflict] })).toEqual({
    dryRun: true,
    folder: project.path('root'),
    counts: expect.objectContaining({ copied: 0, conflicts: 1 }),
    plan: [],
    conflicts: [conflict],
    warnings: [],
    milliseconds: run.milliseconds,
  });
});
