import { createHash, randomBytes } from 'node:crypto';
import type { BlockBlobClient } from '@azure/storage-blob';
import { untilAborted } from '../../concurrency/abort.js';
import { md5Of } from '../objects/body.js';
import type { ObjectBody, PutOptions } from '../objects/object-store.js';
import type { Sending } from '../services/service-store.js';
import { versionOf } from '../services/versions.js';
import { type AzureConnection, request } from './client.js';
import { requestConditions, storing, toBlobHeaders, toBlobMetadata } from './headers.js';

/** How many blocks of a blob are sent at a time. */
export const BLOCKS_AT_ONCE = 4;

/** https://learn.microsoft.com/rest/api/storageservices/put-block-list#remarks */
const MOST_BLOCKS = 50_000;

/**
 * Stores a blob in blocks, which become visible when their list is committed. The service drops the blocks of an
 * interrupted upload after a week.
 */
export async function putInBlocks(
  connection: AzureConnection,
  key: string,
  body: ObjectBody,
  { headers, condition, signal }: PutOptions,
  sending: Sending,
): Promise<{ readonly version: string }> {
  const blob = connection.container.getBlockBlobClient(key);
  const { ids, md5 } = await stage(connection, blob, body, signal);
  const { etag } = await request(connection, signal, (attempt) => {
    sending.attempts = attempt;
    return blob.commitBlockList(ids, {
      abortSignal: signal,
      blobHTTPHeaders: toBlobHeaders(headers, md5),
      metadata: toBlobMetadata(headers),
      conditions: requestConditions(condition),
      ...storing(connection.options),
    });
  });
  return { version: versionOf(etag) };
}

async function stage(
  connection: AzureConnection,
  blob: BlockBlobClient,
  body: ObjectBody,
  signal: AbortSignal,
): Promise<{ readonly ids: string[]; readonly md5: Buffer }> {
  const size = Math.max(connection.options.blockSize, Math.ceil(body.size / MOST_BLOCKS));
  const upload = randomBytes(8).toString('hex');
  const ids: string[] = [];
  const hash = createHash('md5');
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  const blocks = blocksOf(untilAborted(stop, body.chunks()), size);
  const lane = async () => {
    for await (const block of blocks) {
      hash.update(block);
      // All ids of a blob must have the same length.
      const id = Buffer.from(`${upload}-${String(ids.length).padStart(6, '0')}`).toString('base64');
      ids.push(id);
      await stageBlock(connection, blob, id, block, stop);
    }
  };
  const lanes = Array.from({ length: BLOCKS_AT_ONCE }, () =>
    lane().catch((error) => {
      failed.abort(error);
      throw error;
    }),
  );
  const ended = await Promise.allSettled(lanes);
  if (ended.some(({ status }) => status === 'rejected')) throw failed.signal.reason;
  return { ids, md5: hash.digest() };
}

async function stageBlock(
  connection: AzureConnection,
  blob: BlockBlobClient,
  id: string,
  block: Buffer,
  signal: AbortSignal,
): Promise<void> {
  const { encryptionScope } = connection.options;
  await request(connection, signal, () =>
    blob.stageBlock(id, block, block.byteLength, {
      abortSignal: signal,
      transactionalContentMD5: md5Of(block),
      ...(encryptionScope !== undefined && { encryptionScope }),
    }),
  );
}

/** Joins pieces to blocks of one size. The last one may be smaller. */
async function* blocksOf(pieces: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Buffer> {
  let block = Buffer.allocUnsafe(size);
  let filled = 0;
  for await (const piece of pieces) {
    for (let start = 0; start < piece.byteLength; ) {
      const part = piece.subarray(start, start + size - filled);
      block.set(part, filled);
      filled += part.byteLength;
      start += part.byteLength;
      if (filled < size) continue;
      yield block;
      // The block before may still be on its way, so its memory cannot be used again.
      block = Buffer.allocUnsafe(size);
      filled = 0;
    }
  }
  if (filled > 0) yield block.subarray(0, filled);
}
