import type { ObjectBody } from '../objects/object-store.js';

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
