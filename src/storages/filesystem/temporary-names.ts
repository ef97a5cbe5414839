/**
 * Files are written in a folder of this name at the top of the destination, and renamed into their places.
 * What a killed run left is found by it at the next one.
 */
export const TEMPORARY_PREFIX = '.collectstatic-';

/** Whether a name at the top of the destination is the work of a run, not a published file. */
export function isTemporaryName(name: string): boolean {
  return name.startsWith(TEMPORARY_PREFIX);
}
