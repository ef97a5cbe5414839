import { describe, expect, it, vi } from 'vitest';
import { runFindstatic } from '../../../src/cli/commands/findstatic.js';
import type { FindFlags } from '../../../src/cli/reporter.js';
import type { FindResult } from '../../../src/findstatic.js';
import { dirsRoot } from '../examples.js';
import { fakeContext, settings } from './fake-context.js';

const flags: FindFlags = { verbosity: 1, json: false, first: true, why: false };
const match = {
  sourcePath: '/project/assets/a.css',
  finder: 'file-system',
  root: dirsRoot,
  directory: false,
};
const found: FindResult = { name: 'a.css', logicalPath: 'a.css', matches: [match], nearest: [] };
const missing: FindResult = { ...found, name: 'b.css', logicalPath: 'b.css', matches: [] };

async function runWith(results: readonly FindResult[], over: Partial<FindFlags> = {}) {
  const context = fakeContext();
  const stages = {
    loadSettings: async () => settings,
    findstatic: vi.fn(async () => results),
    whystatic: vi.fn(async () => results),
  };
  const names = results.map(({ name }) => name);
  const exitCode = await runFindstatic({ names, flags: { ...flags, ...over } }, context, stages);
  return { exitCode, stages, ...context };
}

describe('runFindstatic', () => {
  it('looks for the names and reports where it looked', async () => {
    const { exitCode, stages, reporter } = await runWith([found]);
    expect(exitCode).toBe(0);
    expect(stages.findstatic).toHaveBeenCalledWith(settings, ['a.css'], { first: true });
    expect(reporter.warnings).toEqual(settings.warnings);
    expect(reporter.finds).toEqual([
      { results: [found], searched: [{ ...dirsRoot, finder: 'file-system' }] },
    ]);
  });

  it('gives 1 where one of the names has no match', async () => {
    const { exitCode, reporter } = await runWith([found, missing]);
    expect(exitCode).toBe(1);
    expect(reporter.finds[0]?.results).toEqual([found, missing]);
  });

  it('asks why where it is told to', async () => {
    const { stages, reporter, signal } = await runWith([found], { why: true });
    expect(stages.whystatic).toHaveBeenCalledWith(settings, ['a.css'], { signal });
    expect(stages.findstatic).not.toHaveBeenCalled();
    expect(reporter.finds[0]?.why).toBe(true);
  });
});
