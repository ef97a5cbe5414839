import type { IncomingMessage } from 'node:http';
import { orAborted, untilAborted, untilStalled } from '../../concurrency/abort.js';
import type { ListedObject } from '../objects/object-store.js';
import { repeated, SILENCE } from '../services/retry.js';
import type { StoredObject } from '../services/service-store.js';
import { type GcsConnection, isPassing } from './client.js';
import { isUnmet } from './errors.js';
import { generationMatch, LISTED_FIELDS, type ObjectResource, toListed, versionOf } from './metadata.js';

/** Lists every object whose key begins with the prefix, a thousand at a time, with its headers. */
export async function* listObjects(
  { bucket }: GcsConnection,
  prefix: string,
  signal: AbortSignal,
): AsyncGenerator<readonly ListedObject[]> {
  let pageToken: string | undefined;
  do {
    const query = { prefix, autoPaginate: false, fields: LISTED_FIELDS, maxResults: 1000 };
    const listing = bucket.getFiles(pageToken === undefined ? query : { ...query, pageToken });
    const [, , answer] = (await orAborted(signal, listing)) as [unknown, unknown, ListAnswer];
    yield (answer.items ?? []).map(toListed);
    pageToken = answer.nextPageToken;
  } while (pageToken !== undefined);
}

interface ListAnswer {
  readonly items?: readonly ObjectResource[];
  readonly nextPageToken?: string;
}

/** Reads an object as it is stored, without decompressing it. */
export function readObject(
  connection: GcsConnection,
  key: string,
  signal: AbortSignal,
): Promise<StoredObject> {
  const isCutOff = (error: unknown) => error instanceof Error && isPassing(error);
  const attempts = connection.options.maxRetries + 1;
  // The library does not retry a download that is cut in the middle.
  return repeated({ attempts, signal, isPassing: isCutOff }, () => readOnce(connection, key, signal));
}

async function readOnce({ bucket }: GcsConnection, key: string, signal: AbortSignal): Promise<StoredObject> {
  const stream = bucket.file(key).createReadStream({ decompress: false });
  const stop = () => stream.destroy(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  let generation: string | undefined;
  stream.on('response', ({ headers }: IncomingMessage) => {
    generation = headers['x-goog-generation'] as string | undefined;
  });
  try {
    const pieces: Uint8Array[] = [];
    // The library does not notice if a connection is cut in the middle of an object.
    const coming = untilAborted<Uint8Array>(signal, untilStalled(SILENCE, stream));
    for await (const piece of coming) pieces.push(piece);
    return { bytes: Buffer.concat(pieces), version: versionOf(generation) };
  } finally {
    signal.removeEventListener('abort', stop);
    stream.destroy();
  }
}

/**
 * Removes objects, one after the other. Missing ones are no error.
 *
 * @returns the keys that were left alone because their objects have another version
 */
export async function removeObjects(
  { bucket }: GcsConnection,
  keys: readonly string[],
  signal: AbortSignal,
  versions?: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const spared: string[] = [];
  for (const key of keys) {
    signal.throwIfAborted();
    const version = versions?.get(key);
    const match = version === undefined ? {} : generationMatch({ version });
    try {
      await orAborted(signal, bucket.file(key).delete({ ignoreNotFound: true, ...match }));
    } catch (error) {
      if (!isUnmet(error)) throw error;
      spared.push(key);
    }
  }
  return spared;
}
