import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { StaticFilesError } from '../../errors.js';
import type { Storage, StorageLock } from '../../storages/storage.js';
import { type CaseBody, type CaseContext, DoesNotApply } from '../case.js';
import { expectFiles } from '../expectations.js';
import { NO_SIGNAL, publishAll, requestsOf, textOutput, writeAll } from '../publishing.js';

export const overlapCases: Readonly<Record<string, CaseBody>> = {
  async 'of two runs at once, the later one is refused, or both are complete'({ open }) {
    const [first, second] = await twoThatLook(open);
    await first.storage.inventory(NO_SIGNAL);
    await second.storage.inventory(NO_SIGNAL);
    await writeAll(first.storage, { phases: [[textOutput('a.txt', 'one')]] });
    const refused = await isRefused(writeAll(second.storage, { phases: [[textOutput('b.txt', 'two')]] }));
    await release(first, second);
    if (refused) await publishAll(await open(), [textOutput('b.txt', 'two')]);
    await expectFiles(await open(), { 'a.txt': 'one', 'b.txt': 'two' });
  },

  async 'a run that publishes while files are removed has all its files'({ open }) {
    await publishAll(await open(), [textOutput('old.txt', 'old'), textOutput('a.txt', 'one')]);
    const [publishing, removing] = await twoThatLook(open);
    await publishing.storage.inventory(NO_SIGNAL); // it sees old.txt, and need not send it
    const lock = await removing.storage.lock?.(NO_SIGNAL);
    await removing.storage.inventory(NO_SIGNAL, { forDeletion: true });
    await writeAll(removing.storage, { phases: [], removed: ['old.txt'] });
    await lock?.release();
    const names = [textOutput('names.txt', 'old.txt')];
    const refused = await isRefused(writeAll(publishing.storage, { phases: [names] }));
    await release(publishing, removing);
    assert.ok(refused, 'A run published a reference to a file that another run had removed since it looked.');
    await publishAll(await open(), [textOutput('old.txt', 'old'), ...names]);
    await expectFiles(await open(), { 'a.txt': 'one', 'old.txt': 'old', 'names.txt': 'old.txt' });
  },

  async 'files that another run publishes at the same time are not removed'({ open }) {
    await publishAll(await open(), [textOutput('old.txt', 'old')]);
    const [publishing, removing] = await twoThatLook(open);
    await publishing.storage.inventory(NO_SIGNAL);
    await publishing.storage.write(requestsOf([textOutput('a.txt', 'one')]), {
      done() {},
      signal: NO_SIGNAL,
    });
    const lock = removing.storage.lock?.(NO_SIGNAL);
    if (lock)
      assert.notEqual(
        await early(lock),
        'taken',
        'A run took the destination while another one was publishing to it.',
      );
    else await removing.storage.inventory(NO_SIGNAL, { forDeletion: true });
    await writeAll(publishing.storage, { phases: [[textOutput('names.txt', 'old.txt')]] });
    await release(publishing);
    const removal = () => writeAll(removing.storage, { phases: [], removed: ['old.txt'] });
    // A run that had to wait looks afterwards, and sees what is needed.
    if (lock) await (await lock).release();
    else
      assert.ok(
        await isRefused(removal()),
        'A run removed a file that another run had referred to since it looked.',
      );
    await expectFiles(await open(), { 'a.txt': 'one', 'old.txt': 'old', 'names.txt': 'old.txt' });
  },

  async 'only one run has the lock, and it gives it back'({ open }) {
    const storage = await open();
    if (!storage.lock) throw new DoesNotApply();
    const lock = await storage.lock(NO_SIGNAL);
    if (lock.exclusive === false) {
      await lock.release();
      throw new DoesNotApply();
    }
    const second = (await open()).lock!(NO_SIGNAL);
    assert.notEqual(await early(second), 'taken', 'A second run took the lock while the first one held it.');
    await lock.release();
    await (await second.catch(async () => (await open()).lock!(NO_SIGNAL))).release();
  },
};

/** A run that looks before it takes the destination, if it takes one. */
interface LookingRun {
  readonly storage: Storage;
  readonly lock: StorageLock | undefined;
}

/**
 * Returns two runs that can look at the same time.
 *
 * @throws DoesNotApply if they wait for each other, or if the storage says that it cannot keep them apart
 */
async function twoThatLook(open: CaseContext['open']): Promise<readonly [LookingRun, LookingRun]> {
  const lock = await (await open()).lock?.(NO_SIGNAL);
  await lock?.release();
  if (lock?.exclusive === false) throw new DoesNotApply();
  const first = await looking(await open());
  if (first.lock && !first.lock.isPending) {
    await first.lock.release();
    throw new DoesNotApply();
  }
  return [first, await looking(await open())];
}

async function looking(storage: Storage): Promise<LookingRun> {
  return { storage, lock: await storage.lock?.(NO_SIGNAL, { atFirstWrite: true }) };
}

async function release(...runs: readonly LookingRun[]): Promise<void> {
  for (const { lock } of runs) await lock?.release();
}

/** Returns what happens to a lock within a moment. A lock that nobody has would be taken by then. */
function early(lock: Promise<StorageLock>): Promise<'taken' | 'refused' | undefined> {
  const outcome = lock.then(
    () => 'taken' as const,
    () => 'refused' as const,
  );
  return Promise.race([outcome, sleep(100, undefined)]);
}

/** Whether a run failed because another one was first. Other errors are thrown. */
async function isRefused(run: Promise<unknown>): Promise<boolean> {
  try {
    await run;
    return false;
  } catch (error) {
    if (error instanceof StaticFilesError && error.code === 'overtaken') return true;
    throw error;
  }
}
