import type { File, SaveOptions } from '@google-cloud/storage';
import { orAborted, untilAborted } from '../../concurrency/abort.js';
import { md5Of, md5OfPieces } from '../objects/body.js';
import { ConditionFailed, type ObjectBody, type PutOptions } from '../objects/object-store.js';
import { repeated } from '../services/retry.js';
import type { Sending } from '../services/service-store.js';
import { type GcsConnection, limitAttempts } from './client.js';
import { generationMatch, toMetadata, versionOf } from './metadata.js';

/**
 * Stores an object in one request, or in pieces if it is a large file. The service refuses bytes that arrive damaged.
 */
export async function putObject(
  connection: GcsConnection,
  key: string,
  body: ObjectBody,
  options: PutOptions,
  sending: Sending,
): Promise<{ readonly version: string }> {
  const isLarge = body.size > connection.options.chunkSize && !options.internal;
  return isLarge
    ? connection.large(() => putInPieces(connection, key, body, options, sending))
    : putWhole(connection, key, body, options, sending);
}

async function putWhole(
  connection: GcsConnection,
  key: string,
  body: ObjectBody,
  options: PutOptions,
  sending: Sending,
): Promise<{ readonly version: string }> {
  const bytes = body.bytes();
  // Called for each attempt, so that none begins after the signal was aborted.
  const source = async function* () {
    sending.attempts++;
    options.signal.throwIfAborted();
    yield bytes;
  };
  const content = { source, size: body.size, md5: md5Of(bytes) };
  return save(connection, key, content, options, { resumable: false });
}

async function putInPieces(
  connection: GcsConnection,
  key: string,
  body: ObjectBody,
  options: PutOptions,
  sending: Sending,
): Promise<{ readonly version: string }> {
  const source = () => {
    sending.attempts++;
    return untilAborted(options.signal, body.chunks());
  };
  const md5 = await md5OfPieces(body, options.signal);
  const { chunkSize, maxRetries } = connection.options;
  const repeating = { attempts: maxRetries + 1, signal: options.signal, isPassing: isLost };
  const content = { source, size: body.size, md5 };
  return repeated(repeating, () => save(connection, key, content, options, { chunkSize }));
}

/** Whether the service has lost pieces. The library no longer has them, so the whole upload must begin again. */
function isLost(error: unknown): boolean {
  return error instanceof Error && error.message.includes('Initiate a new upload');
}

/** The bytes of an object, as the library takes them. */
interface Content {
  /** Called for each attempt. */
  readonly source: () => AsyncIterable<Uint8Array>;
  readonly size: number;
  readonly md5: Buffer;
}

async function save(
  { bucket, options }: GcsConnection,
  key: string,
  { source, size, md5 }: Content,
  { headers, condition, internal = false, signal }: PutOptions,
  way: SaveOptions,
): Promise<{ readonly version: string }> {
  const { storageClass, predefinedAcl, kmsKeyName } = options;
  const file: File = bucket.file(key, kmsKeyName === undefined ? {} : { kmsKeyName });
  limitAttempts(file, way.chunkSize ?? size);
  const saving = file.save(source, {
    ...way,
    // The service compares the hash before it stores the object. The library would compare afterwards, and delete it.
    validation: false,
    metadata: {
      ...toMetadata(headers),
      md5Hash: md5.toString('base64'),
      ...(storageClass !== undefined && { storageClass }),
    },
    ...(predefinedAcl !== undefined &&
      !internal && {
        predefinedAcl: predefinedAcl as NonNullable<SaveOptions['predefinedAcl']>,
      }),
    preconditionOpts: generationMatch(condition),
  });
  await orAborted(signal, saving);
  return { version: versionOf(file.metadata.generation) };
}

/**
 * Changes the headers of an object. Its version stays.
 *
 * @throws ConditionFailed
 */
export async function putHeaders(
  { bucket }: GcsConnection,
  key: string,
  { headers, condition, signal }: PutOptions,
): Promise<{ readonly version: string }> {
  const file = bucket.file(key);
  const match = generationMatch(condition);
  const [{ metadata: old = {}, generation: stored }] = await orAborted(signal, file.getMetadata());
  if (condition && 'version' in condition && versionOf(stored) !== condition.version)
    throw new ConditionFailed(`'${key}' has another version now.`);
  // Pairs that are not sent would stay.
  const away = Object.fromEntries(Object.keys(old).map((name) => [name, null]));
  const metadata = { ...toMetadata(headers), metadata: { ...away, ...headers.metadata } };
  const [{ generation }] = await orAborted(signal, file.setMetadata(metadata, match));
  return { version: versionOf(generation) };
}
