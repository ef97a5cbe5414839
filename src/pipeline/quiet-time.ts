import { describeDestination } from '../storages/destination.js';
import type { QuietTime } from '../storages/storage.js';
import type { Plan } from './plan.js';
import type { Run } from './run.js';
import { manifestPlace, readActive } from './stored-manifest.js';
import type { UnchangedProof } from './unchanged.js';

/**
 * The proof that a file is there to stay. A run that was given up while it was deleting may go on when it wakes up, with
 * all that the live manifest did not name then: such files are written again.
 */
export async function provedToStay(
  { settings, signal }: Pick<Run, 'settings' | 'signal'>,
  quiet: QuietTime | undefined,
  proof: UnchangedProof,
): Promise<UnchangedProof> {
  if (quiet?.going === undefined) return proof;
  const active = await readActive(manifestPlace(settings, signal));
  return (output, stored) =>
    (output.role !== undefined || (active?.files.has(output.publicPath) ?? false)) && proof(output, stored);
}

/** A plan whose deletions are left to a later run, since a run that was given up may need the files. */
export function withoutDeletions(run: Run, { since, until }: QuietTime, plan: Plan): Plan {
  const rest = plan.filter(({ action }) => action !== 'delete');
  const count = plan.length - rest.length;
  if (count === 0) return plan;
  run.warn({
    code: 'nothing-deleted',
    message:
      `${count} ${count === 1 ? 'file is' : 'files are'} not deleted from '${placeText(run)}': a run there was given up at ${time(since)}, ` +
      `and may still wake up. Run again after ${time(until)}.`,
  });
  return rest;
}

function placeText({ settings: { storage } }: Run): string {
  const { folder, displayUrl } = describeDestination(storage);
  return displayUrl ?? folder ?? storage.name;
}

/** `14:05 UTC` */
function time(date: Date): string {
  return `${date.toISOString().slice(11, 16)} UTC`;
}
