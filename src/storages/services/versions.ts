import type { ObjectBody } from '../objects/object-store.js';
import { ServiceLack } from './errors.js';

/**
 * A version from an ETag: without its quotes, which some services leave out of listings.
 *
 * @throws ServiceLack if the service gave none
 */
export function versionOf(etag: string | undefined): string {
  if (etag !== undefined && etag !== '') return etag.replace(/^(?:W\/)?"(.*)"$/, '$1');
  throw new ServiceLack(
    'the service gives no ETag with its answer, which says whether an object is still the same',
  );
}

/** The ETag of a version. */
export function etagOf(version: string): string {
  return `"${version}"`;
}

interface StoredObject {
  readonly bytes: Uint8Array;
  readonly version: string;
}

/**
 * The version of an object that a request of ours has stored, although its repetition was told that the condition does not
 * hold: the answer to the first was lost.
 *
 * @param stored what is there now
 */
export function versionIfOurs(stored: StoredObject | undefined, body: ObjectBody): string | undefined {
  if (stored?.bytes.byteLength !== body.size) return undefined;
  return Buffer.compare(stored.bytes, body.bytes()) === 0 ? stored.version : undefined;
}
