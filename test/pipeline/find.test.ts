import { describe, expect, it, vi } from 'vitest';
import type { FindContext, Finder } from '../../src/finders/finder.js';
import { find } from '../../src/pipeline/find.js';
import type { RunOptions } from '../../src/pipeline/options.js';
import { startRun } from '../../src/pipeline/run.js';
import { createSession } from '../../src/pipeline/session.js';
import type { Settings } from '../../src/settings/settings.js';
import { builtSettings, fixedFinder } from '../support/built-settings.js';
import { newProject } from '../support/project.js';

const project = newProject({ 'one/a.css': 'a', 'two/a.css': 'b' });

function runWith(options: RunOptions = {}, changes: Partial<Settings> = {}) {
  return startRun(builtSettings(project, { 'a.css': 'one/a.css' }, changes), options);
}

/** A finder that finds nothing, and notes what it gets. */
function noting(contexts: FindContext[]): Finder {
  return {
    ...fixedFinder(project, {}),
    list(context) {
      contexts.push(context);
      context.warn({ code: 'special-file', message: 'a FIFO' });
      return [];
    },
  };
}

async function contextOf(options: RunOptions, changes: Partial<Settings> = {}): Promise<FindContext> {
  const contexts: FindContext[] = [];
  await find(runWith(options, { finders: [noting(contexts)], ...changes }));
  return contexts[0]!;
}

describe('finders get', () => {
  it('the ignore patterns of the default, the settings and the options', async () => {
    const ignore = { ignore: ['*.map'] };
    const settings = { ignore: ['*.scss'] };
    expect((await contextOf(ignore, settings)).ignore).toEqual(['CVS', '.*', '*~', '*.scss', '*.map']);
    const without = await contextOf({ ...ignore, defaultIgnore: false }, settings);
    expect(without.ignore).toEqual(['*.scss', '*.map']);
  });

  it('the destination, which they leave out', async () => {
    expect((await contextOf({})).exclude).toEqual([project.path('root')]);
  });

  it('a place for warnings', async () => {
    const run = runWith({}, { finders: [noting([])] });
    await find(run);
    expect(run.warnings).toEqual([{ code: 'special-file', message: 'a FIFO' }]);
  });
});

describe('several files with one logical path and different bytes', () => {
  const finders = ['one/a.css', 'two/a.css'].map((source) => fixedFinder(project, { 'a.css': source }));

  it('are a conflict that the first one wins', async () => {
    const { files, conflicts } = await find(runWith({}, { finders }));
    expect(files.map(({ sourcePath }) => sourcePath)).toEqual([project.path('one/a.css')]);
    expect(conflicts).toHaveLength(1);
  });

  it.each<[RunOptions, Partial<Settings>]>([
    [{ failOnConflict: true }, {}],
    [{}, { conflicts: 'error' }],
  ])('are an error with %j and %j', async (options, changes) => {
    await expect(find(runWith(options, { finders, ...changes }))).rejects.toMatchObject({ code: 'conflict' });
  });
});

it('a session is asked first', async () => {
  const { record } = runWith();
  const session = createSession(record);
  const list = vi.fn(() => []);
  const settings = builtSettings(project, {}, { finders: [{ ...fixedFinder(project, {}), list }] });
  for (let run = 0; run < 2; run++) await find(startRun(settings, {}, session));
  expect(list).toHaveBeenCalledTimes(1);
});
