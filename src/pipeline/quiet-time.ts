import { destinationName } from '../storages/destination.js';
import type { QuietTime } from '../storages/storage.js';
import type { Plan } from './plan.js';
import { type Run, warnOnce } from './run.js';
import { manifestStorage, readActive } from './stored-manifest.js';
import type { UnchangedProof } from './unchanged.js';

/**
 * The proof that a file is unchanged and will stay. A run that stopped responding while it was deleting may
 * wake up and delete what the live manifest did not name, so such files are written again.
 */
export async function provedToStay(
  { settings, signal }: Pick<Run, 'settings' | 'signal'>,
  quiet: QuietTime | undefined,
  proof: UnchangedProof,
): Promise<UnchangedProof> {
  if (quiet?.going === undefined) return proof;
  const active = await readActive(manifestStorage(settings, signal));
  return (output, stored) =>
    (output.role !== undefined || (active?.files.has(output.publicPath) ?? false)) && proof(output, stored);
}

/**
 * Returns the plan without its deletions, and warns if it has any: a run that stopped responding may wake up and need the
 * files.
 */
export function withoutDeletions(run: Run, { since, until }: QuietTime, plan: Plan): Plan {
  const rest = plan.filter(({ action }) => action !== 'delete');
  const count = plan.length - rest.length;
  if (count === 0) return plan;
  warnOnce(run, {
    code: 'nothing-deleted',
    message:
      `${destinationName(run.settings.storage)}: ${count} ${count === 1 ? 'file is' : 'files are'} not deleted. ` +
      `A run stopped responding there at ${time(since)} and may still wake up. Run again after ${time(until)}.`,
  });
  return rest;
}

/** `14:05 UTC` */
function time(date: Date): string {
  return `${date.toISOString().slice(11, 16)} UTC`;
}
