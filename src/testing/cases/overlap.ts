import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { StaticFilesError } from '../../errors.js';
import { type CaseBody, DoesNotApply } from '../case.js';
import { expectFiles } from '../expectations.js';
import { textOutput } from '../outputs.js';
import { NO_SIGNAL, publishAll, writeAll } from '../publishing.js';

export const overlapCases: Readonly<Record<string, CaseBody>> = {
  async 'of two runs at once, the later one is refused or both are whole'({ open }) {
    const first = await open();
    if (first.lock) throw new DoesNotApply(); // they wait for each other
    const second = await open();
    await first.inventory(NO_SIGNAL);
    await second.inventory(NO_SIGNAL);
    await writeAll(first, { phases: [[textOutput('a.txt', 'one')]] });
    const refused = await isRefused(writeAll(second, { phases: [[textOutput('b.txt', 'two')]] }));
    if (refused) await publishAll(await open(), [textOutput('b.txt', 'two')]);
    await expectFiles(await open(), { 'a.txt': 'one', 'b.txt': 'two' });
  },

  async 'who holds the lock holds it alone, and gives it back'({ open }) {
    const storage = await open();
    if (!storage.lock) throw new DoesNotApply();
    const lock = await storage.lock(NO_SIGNAL);
    const second = (await open()).lock!(NO_SIGNAL);
    const early = await Promise.race([
      second.then(
        () => 'taken',
        () => 'refused',
      ),
      sleep(100), // long enough for a lock to be taken that nobody holds
    ]);
    assert.notEqual(early, 'taken', 'A second run took the lock while the first one held it.');
    await lock.release();
    await (await second.catch(async () => (await open()).lock!(NO_SIGNAL))).release();
  },
};

/** Whether a run failed since another one was first; what else it fails of is thrown. */
async function isRefused(run: Promise<unknown>): Promise<boolean> {
  try {
    await run;
    return false;
  } catch (error) {
    if (error instanceof StaticFilesError && error.code === 'overtaken') return true;
    throw error;
  }
}
