import type { InventoryOptions, QuietTime } from '../storage.js';
import { type Contents, readContents } from './contents.js';
import type { Head } from './head-object.js';
import type { HeaderRules } from './headers.js';
import type { Hold } from './hold.js';
import type { ObjectDestination } from './object-destination.js';
import { quietTime } from './quiet-time.js';

/** What a run has found out about a destination. */
export interface Look {
  readonly destination: ObjectDestination;
  readonly contents: Contents;
  /** Set if a run was given up lately. */
  readonly quiet: QuietTime | undefined;
}

export interface LookOptions extends InventoryOptions {
  /** The head as it was last read or written. `undefined` before the first run. */
  readonly head: Head | undefined;
  /** The hold, if the run has taken the destination already. */
  readonly hold: Hold | undefined;
  readonly rules: HeaderRules;
  readonly signal: AbortSignal;
}

/** Finds out what is at a destination, by the index that the head names or by a listing. */
export async function lookAt(destination: ObjectDestination, options: LookOptions): Promise<Look> {
  const { head, hold, rules, refresh = false, forDeletion = false, complete = false, signal } = options;
  // A run that was given up may still write when it wakes up.
  const isTrusted =
    !(refresh || forDeletion) && head?.lost === null && (hold !== undefined || head.state === 'free');
  const contents = await readContents(destination, {
    trusted: isTrusted ? head.index : null,
    complete,
    conditional: (destination.conditional ?? head?.conditional) !== false,
    known: rules.known,
    signal,
  });
  const now = destination.clock.date(contents.headModified);
  // The head was last written when the other run was given up, or a moment later.
  const lost = hold?.isTakenOver ? new Date(now).toISOString() : head?.lost;
  return { destination, contents, quiet: head && lost ? quietTime({ ...head, lost }, now) : undefined };
}

/** Whether a look that was taken under the hold also answers these options. */
export function answers(
  { contents }: Look,
  { refresh = false, forDeletion = false, complete = false }: InventoryOptions,
): boolean {
  return contents.isListed || !(refresh || forDeletion || (complete && contents.hasOthers));
}

/** Whether the index that the head names describes what is there. */
export function isIndexRight({ indexVersion, isChanged }: Contents, head: Head | undefined): boolean {
  return indexVersion !== undefined && indexVersion === head?.index && !isChanged;
}
