/**
 * Files are written in a folder with this prefix at the top of the destination, and renamed into their places.
 * The next run finds what a killed run left by it.
 */
export const TEMPORARY_PREFIX = '.collectstatic-';

/** The lock at the top of the destination, and the names that it takes for a moment. */
export const LOCK_NAME = '.staticfiles-lock';

/** The note at the top of the destination that names the last run that published there. */
export const RUN_NOTE = '.staticfiles-run.json';

/** Whether a name at the top of a destination belongs to the storage itself, so that it is never a published file. */
export function isReservedName(name: string): boolean {
  return name === RUN_NOTE || name.startsWith(LOCK_NAME) || name.startsWith(TEMPORARY_PREFIX);
}
