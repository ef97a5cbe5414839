import { StaticFilesError } from '../../errors.js';
import type { QuietTime } from '../storage.js';
import type { Head } from './head-object.js';

/** After a run was given up, nothing is deleted for this long: it may only have been frozen, and may still write a manifest. */
const QUIET_MS = 60 * 60_000;

/**
 * Returns the quiet time that a head asks for, or `undefined` if no run was given up lately.
 *
 * @param now milliseconds since 1970
 */
export function quietTime({ lost, going }: Pick<Head, 'lost' | 'going'>, now: number): QuietTime | undefined {
  if (lost === null) return undefined;
  const since = new Date(lost);
  const until = new Date(since.getTime() + QUIET_MS);
  return now < until.getTime() ? { since, until, ...(going && { going }) } : undefined;
}

/** @throws StaticFilesError `target` during a quiet time */
export function refuseInQuietTime(destination: string, quiet: QuietTime | undefined): void {
  if (quiet === undefined) return;
  throw new StaticFilesError(
    'target',
    `Nothing can be deleted from '${destination}' before ${quiet.until.toISOString()}: a run there was given up, and may still wake up. Run again then.`,
  );
}
