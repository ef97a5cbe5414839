import { RUN_NOTE } from '../destination.js';

/** The start of the name of a temporary folder at the top of the destination. The next run finds what a killed one left. */
export const TEMPORARY_PREFIX = '.collectstatic-';

/** The name of the lock at the top of the destination, and the start of its temporary names. */
export const LOCK_NAME = '.staticfiles-lock';

/** Whether a name at the top of a destination is reserved for the storage, so that no file is published under it. */
export function isReservedName(name: string): boolean {
  return name === RUN_NOTE || name.startsWith(LOCK_NAME) || name.startsWith(TEMPORARY_PREFIX);
}
