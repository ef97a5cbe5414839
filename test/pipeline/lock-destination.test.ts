import { describe, expect, it, vi } from 'vitest';
import { StaticFilesError } from '../../src/errors.js';
import {
  type Attempt,
  lockDestination,
  lockInterruptibly,
  lockToPublish,
} from '../../src/pipeline/lock-destination.js';
import type { PlanEntry } from '../../src/pipeline/plan.js';
import type { LockOptions, Storage, StorageLock } from '../../src/storages/storage.js';

/** A storage whose lock is noted: `lock a`, `release a`. */
function locking(name: string, calls: string[], lock: Partial<StorageLock> = {}) {
  const asked: (LockOptions | undefined)[] = [];
  const storage = {
    name,
    async lock(_: AbortSignal, options?: LockOptions): Promise<StorageLock> {
      asked.push(options);
      calls.push(`lock ${name}`);
      return {
        lost: new AbortController().signal,
        release: async () => void calls.push(`release ${name}`),
        ...lock,
      };
    },
  } as unknown as Storage;
  return { storage, asked };
}

function runOf(storage: Storage, more: { manifest?: Storage; dryRun?: boolean; signal?: AbortSignal } = {}) {
  const { manifest, dryRun = false, signal = new AbortController().signal } = more;
  const settings = { storage, manifest: { name: 'm.json', ...(manifest && { storage: manifest }) } };
  return { settings, options: { dryRun }, signal };
}

describe('a destination is locked', () => {
  it('while the step runs, with the storage of the manifest', async () => {
    const calls: string[] = [];
    const [files, own] = [locking('files', calls), locking('own', calls, { exclusive: false })];
    const result = await lockDestination(
      runOf(files.storage, { manifest: own.storage }),
      async ({ locks }) => {
        calls.push('step');
        expect([...locks]).toEqual([
          [files.storage, true],
          [own.storage, false],
        ]);
        return 'done';
      },
      { atFirstWrite: true },
    );
    expect(result).toBe('done');
    expect(calls).toEqual(['lock files', 'lock own', 'step', 'release own', 'release files']);
    expect(files.asked).toMatchObject([{ atFirstWrite: true, watching: false }]);
  });

  it('once, if the manifest goes to the same storage, or a session has locked it', async () => {
    const calls: string[] = [];
    const { storage } = locking('files', calls);
    await lockDestination(runOf(storage, { manifest: storage }), async () => undefined);
    const locks = new Map([[storage, true]]);
    await lockDestination({ ...runOf(storage), locks }, async () => undefined);
    expect(calls).toEqual(['lock files', 'release files']);
  });

  it('not in a dry run', async () => {
    const calls: string[] = [];
    const { storage } = locking('files', calls);
    await lockDestination(runOf(storage, { dryRun: true }), async () => undefined);
    expect(calls).toEqual([]);
  });

  it('not yet, if the lock waits for the first write', async () => {
    const { storage } = locking('files', [], { isPending: true });
    expect(await lockDestination(runOf(storage), async ({ locks }) => locks.size)).toBe(0);
  });

  it('and released after a failure, whose reason is kept', async () => {
    const release = vi.fn(() => Promise.reject(new Error('gone')));
    const { storage } = locking('files', [], { release });
    const failing = () => Promise.reject(new Error('no luck'));
    await expect(lockDestination(runOf(storage), failing)).rejects.toThrow('no luck');
    expect(release).toHaveBeenCalledTimes(1);
    await expect(lockDestination(runOf(storage), async () => 1)).rejects.toMatchObject({
      code: 'plugin',
      message: "The storage 'files' failed: gone",
    });
  });

  it('and the step stops when the lock is lost, or the run is aborted', async () => {
    const [lost, stop] = [new AbortController(), new AbortController()];
    const { storage } = locking('files', [], { lost: lost.signal });
    await lockDestination(runOf(storage, { signal: stop.signal }), async ({ signal }) => {
      expect(signal.aborted).toBe(false);
      lost.abort('lost');
      expect(signal.reason).toBe('lost');
    });
    const other = locking('files', []);
    await lockDestination(runOf(other.storage, { signal: stop.signal }), async ({ signal }) => {
      stop.abort('stopped');
      expect(signal.reason).toBe('stopped');
    });
  });

  it('with warnings for the user', async () => {
    const warn = vi.fn();
    const { storage, asked } = locking('files', []);
    await lockDestination({ ...runOf(storage), warn }, async () => undefined);
    asked[0]!.warn!({ code: 'waiting', message: 'Another run.' });
    expect(warn).toHaveBeenCalledWith({ code: 'waiting', message: 'Another run.' });
  });
});

it('an abort while it waits for the lock is `interrupted`', async () => {
  const stop = new AbortController();
  const lock = () => {
    stop.abort();
    return Promise.reject(stop.signal.reason);
  };
  const storage = { name: 'files', lock } as unknown as Storage;
  const run = runOf(storage, { signal: stop.signal });
  await expect(lockInterruptibly(run, () => expect.fail())).rejects.toMatchObject({ code: 'interrupted' });
});

describe('a step that publishes', () => {
  const STEP: PlanEntry = { action: 'copy', publicPath: '', reason: 'new', replaces: false };
  const overtaken = new StaticFilesError('overtaken', 'Another run was faster.');

  async function publish(failures: number, error: unknown = overtaken) {
    const { storage, asked } = locking('files', []);
    const attempts: Attempt[] = [];
    const step = async (_: unknown, attempt: Attempt) => {
      attempts.push({ ...attempt, done: [...attempt.done] });
      attempt.done.push({ ...STEP, publicPath: `${attempts.length}.css` });
      if (attempts.length <= failures) throw error;
      return 'published';
    };
    const result = await lockToPublish(runOf(storage), step, { atFirstWrite: true }).catch(
      (thrown) => thrown,
    );
    return { result, attempts, early: asked.map((options) => options?.atFirstWrite ?? false) };
  }

  it('runs once', async () => {
    const { result, attempts, early } = await publish(0);
    expect([result, early]).toEqual(['published', [true]]);
    expect(attempts).toMatchObject([{ again: false }]);
  });

  it('runs again after another run was faster, locked from the start, and knows what is done', async () => {
    const { result, attempts, early } = await publish(4);
    expect([result, early]).toEqual(['published', [true, false, false, false, false]]);
    expect(attempts.map(({ again }) => again)).toEqual([false, true, true, true, true]);
    const earlier = ['1.css', '2.css', '3.css', '4.css'];
    expect(attempts.map(({ done }) => done.map(({ publicPath }) => publicPath))).toEqual(
      earlier.map((_, index) => earlier.slice(0, index)).concat([earlier]),
    );
  });

  it('gives up after five attempts, and at once after another failure', async () => {
    const { result, attempts } = await publish(9);
    expect([result, attempts.length]).toEqual([overtaken, 5]);
    const other = new StaticFilesError('target', 'disk full');
    expect(await publish(9, other)).toMatchObject({ result: other, attempts: [{ again: false }] });
  });
});
