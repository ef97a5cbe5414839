import type { IncomingMessage } from 'node:http';
import { untilAborted, untilStalled } from '../services/aborting.js';
import { repeated } from '../services/repeated.js';
import type { StoredObject } from '../services/service-store.js';
import { isPassing } from './client.js';
import type { GcsConnection } from './connection.js';
import { versionOf } from './object-metadata.js';

/** Milliseconds. The library does not notice a connection that is cut in the middle of an object. */
const STALLED = 30_000;

/** An object's bytes as they were stored, compressed where they were. */
export function readObject(
  connection: GcsConnection,
  key: string,
  signal: AbortSignal,
): Promise<StoredObject> {
  const isCutOff = (error: unknown) => error instanceof Error && isPassing(error);
  const attempts = connection.options.maxRetries + 1;
  // The library does not repeat what breaks off in the middle.
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
    const coming = untilAborted<Uint8Array>(signal, untilStalled(STALLED, stream));
    for await (const piece of coming) pieces.push(piece);
    return { bytes: Buffer.concat(pieces), version: versionOf(generation) };
  } finally {
    signal.removeEventListener('abort', stop);
    stream.destroy();
  }
}
