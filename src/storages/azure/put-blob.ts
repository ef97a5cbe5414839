import { ConditionFailed, type ObjectBody, type PutOptions } from '../objects/object-store.js';
import { md5Of } from '../services/md5.js';
import { versionIfOurs } from '../services/ours.js';
import { requestConditions, toBlobHeaders, toBlobMetadata, versionOf } from './blob-headers.js';
import { type AzureConnection, request } from './connection.js';
import { isConditionFailure } from './errors.js';
import { putInBlocks } from './put-in-blocks.js';
import { readBlob } from './read-blob.js';
import { storing } from './storing.js';

/**
 * Stores a blob: in one request, or in blocks where it is large. The service refuses bytes that arrive damaged.
 *
 * @throws ConditionFailed
 */
export async function putBlob(
  connection: AzureConnection,
  key: string,
  body: ObjectBody,
  options: PutOptions,
): Promise<{ readonly version: string }> {
  const made = { attempts: 0 };
  const isLarge = body.size > connection.options.blockSize;
  try {
    return isLarge
      ? await connection.large(() => putInBlocks(connection, key, body, options, made))
      : await putWhole(connection, key, body, options, made);
  } catch (error) {
    if (options.condition === undefined || !isConditionFailure(error)) throw error;
    const stored = made.attempts > 1 ? await readBlob(connection, key, options.signal) : undefined;
    const version = versionIfOurs(stored, body);
    if (version !== undefined) return { version };
    throw new ConditionFailed(`'${key}' is not as it was.`, { cause: error });
  }
}

async function putWhole(
  connection: AzureConnection,
  key: string,
  body: ObjectBody,
  { headers, condition, signal }: PutOptions,
  made: { attempts: number },
): Promise<{ readonly version: string }> {
  const blob = connection.container.getBlockBlobClient(key);
  const bytes = body.bytes();
  // The service holds the bytes against the hash: https://learn.microsoft.com/rest/api/storageservices/put-blob
  const blobHTTPHeaders = toBlobHeaders(headers, md5Of(bytes));
  const { etag } = await request(connection, signal, (attempt) => {
    made.attempts = attempt;
    return blob.upload(bytes, bytes.byteLength, {
      abortSignal: signal,
      blobHTTPHeaders,
      metadata: toBlobMetadata(headers),
      conditions: requestConditions(condition),
      ...storing(connection.options),
    });
  });
  return { version: versionOf(etag) };
}
