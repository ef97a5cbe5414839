import type { QuietTime } from '../storage.js';
import type { Head } from './head-object.js';

/** So long after a run was given up, nothing is deleted: it may have been frozen, and may still write a manifest. */
const QUIET_MS = 60 * 60_000;

/**
 * What a head says of a run that was given up.
 *
 * @param now milliseconds since 1970
 * @returns `undefined` if there was none, or it was long enough ago
 */
export function quietTime({ lost, going }: Pick<Head, 'lost' | 'going'>, now: number): QuietTime | undefined {
  if (lost === null) return undefined;
  const since = new Date(lost);
  const until = new Date(since.getTime() + QUIET_MS);
  return now < until.getTime() ? { since, until, ...(going && { going }) } : undefined;
}
