import type { ObjectStore } from './objects/object-store.js';
import { loadPeer } from './peer.js';
import { s3Client } from './s3/client.js';
import type { S3Connection } from './s3/connection.js';
import { describeS3Failure } from './s3/errors.js';
import { listObjects } from './s3/list-objects.js';
import { type S3Options, s3Options } from './s3/options.js';
import { putHeaders } from './s3/put-headers.js';
import { PARTS_AT_ONCE } from './s3/put-in-parts.js';
import { putObject } from './s3/put-object.js';
import { readObject } from './s3/read-object.js';
import { KEYS_AT_ONCE, removeObjects } from './s3/remove-objects.js';
import { createGate } from './services/gate.js';
import { tellingStore } from './services/telling-store.js';

export type { S3Options } from './s3/options.js';

/**
 * A bucket of Amazon S3, or of another service with its protocol.
 *
 * @throws StaticFilesError `settings` where an option makes no sense, or `@aws-sdk/client-s3` is not installed
 */
export async function createS3Store(userOptions: S3Options): Promise<ObjectStore> {
  const options = s3Options(userOptions);
  const { bucket, concurrency } = options;
  const sdk = await loadPeer('s3', '@aws-sdk/client-s3', () => import('@aws-sdk/client-s3'));
  const large = createGate(Math.max(1, Math.floor(concurrency / PARTS_AT_ONCE)));
  const connection: S3Connection = { sdk, client: s3Client(sdk, options), options, large };
  const store: ObjectStore = {
    name: 's3',
    place: `s3://${bucket}`,
    concurrency,
    removesAtOnce: KEYS_AT_ONCE,
    list: (prefix, signal) => listObjects(connection, prefix, signal),
    read: (key, signal) => readObject(connection, key, signal),
    put: (key, body, put) => putObject(connection, key, body, put),
    putHeaders: (key, put) => putHeaders(connection, key, put),
    remove: (keys, signal) => removeObjects(connection, keys, signal),
  };
  return tellingStore(store, {
    secrets: secretsOf(options),
    describe: (error) => describeS3Failure(error, bucket),
  });
}

function secretsOf({ credentials }: S3Options): readonly string[] {
  if (typeof credentials !== 'object') return [];
  const { accessKeyId, secretAccessKey, sessionToken = '' } = credentials;
  return [accessKeyId, secretAccessKey, sessionToken];
}
