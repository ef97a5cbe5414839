import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { PublishRecord } from '../../src/cache/record.js';
import type { Warning } from '../../src/model/static-file.js';
import type { RunOptions } from '../../src/pipeline/options.js';
import { runStage, saveRecord, startRun, warnOnce } from '../../src/pipeline/run.js';
import { createSession } from '../../src/pipeline/session.js';
import { builtSettings } from '../support/built-settings.js';
import { newProject } from '../support/project.js';

const project = newProject({});
const settings = builtSettings(project, {});

function start(options: RunOptions = {}, warnings: readonly Warning[] = []) {
  return startRun({ ...settings, warnings }, options);
}

/** A record that cannot be written, for a reason such as a full disk. */
function brokenRecord(problem?: unknown): PublishRecord {
  const save = () => {
    throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
  };
  return { problem, save } as unknown as PublishRecord;
}

const PROBLEM = Object.assign(new Error('EACCES'), { code: 'EACCES' });

describe('warnings of a run', () => {
  const A = { code: 'a', message: 'first' };

  it('begin with those of the settings, and are reported when they come', () => {
    const onWarning = vi.fn();
    const run = start({ onWarning }, [A]);
    const b = { code: 'b', message: 'second' };
    run.warn(b);
    run.warn(b);
    expect(run.warnings).toEqual([A, b, b]);
    expect(onWarning.mock.calls).toEqual([[b], [b]]);
  });

  it('of the cache are reported once', () => {
    const onWarning = vi.fn();
    const run = startRun(settings, { onWarning }, createSession(brokenRecord(PROBLEM)));
    saveRecord(run);
    expect(run.warnings).toMatchObject([
      { code: 'cache', message: expect.stringContaining('permission denied') },
    ]);
    expect(onWarning).toHaveBeenCalledTimes(1);
  });

  it('of one code come once, if the run plans again', () => {
    const run = start({}, [A]);
    warnOnce(run, { code: 'a', message: 'again' });
    warnOnce(run, { code: 'b', message: 'new' });
    expect(run.warnings.map(({ message }) => message)).toEqual(['first', 'new']);
  });
});

it('a record that cannot be written is a warning', () => {
  const warn = vi.fn();
  saveRecord({ settings, record: brokenRecord(), startedAt: 0, warn });
  expect(warn).toHaveBeenCalledWith(expect.objectContaining({ code: 'cache' }));
});

it('a run of a session has the record and the beginning of the session', () => {
  const session = createSession(brokenRecord());
  expect(startRun(settings, {}, session)).toMatchObject({
    record: session.record,
    startedAt: session.startedAt,
    session,
  });
});

describe('a stage', () => {
  it('begins with progress, and its time is noted', async () => {
    const onProgress = vi.fn();
    const run = start({ onProgress });
    expect(await runStage(run, 'plan', () => pause(15, 'done'))).toBe('done');
    expect(onProgress.mock.calls).toEqual([['plan', 0, 0]]);
    expect(run.milliseconds.plan).toBeGreaterThanOrEqual(10);
    expect(run.milliseconds).toMatchObject({ find: 0, publish: 0 });
  });

  it('that fails is timed too', async () => {
    const run = start();
    const step = async () => {
      await pause(15);
      throw new Error('no luck');
    };
    await expect(runStage(run, 'find', step)).rejects.toThrow('no luck');
    expect(run.milliseconds.find).toBeGreaterThanOrEqual(10);
  });

  it('does not begin after the signal was aborted', async () => {
    const run = start({ signal: AbortSignal.abort() });
    await expect(runStage(run, 'find', () => expect.fail())).rejects.toMatchObject({ code: 'interrupted' });
  });
});
