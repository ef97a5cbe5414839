import pLimit from 'p-limit';
import { loadPeer } from '../../plugins/peer-dependency.js';
import { objectStorage } from '../objects/object-storage.js';
import type { ObjectStore } from '../objects/object-store.js';
import { type ObjectStorageOptions, splitOptions } from '../objects/options.js';
import { type ServiceCalls, serviceStore } from '../services/service-store.js';
import type { Storage } from '../storage.js';
import { s3Client } from './client.js';
import { describeS3Failure, isAbsence, isUnmet, refusesConditions } from './errors.js';
import { createPutSender } from './fast-put.js';
import { PARTS_AT_ONCE } from './multipart.js';
import { listObjects, readObject, type S3Connection } from './objects.js';
import { type CompleteS3Options, type S3Options, s3Options } from './options.js';
import { LARGEST_COPY, putHeaders, putObject } from './put.js';
import { KEYS_AT_ONCE, removeObjects } from './remove-objects.js';

export type { S3Options } from './options.js';

/** The options of the service, and those that all services share. */
export type S3StorageOptions = S3Options & ObjectStorageOptions;

/**
 * Returns a storage that publishes to a bucket of Amazon S3, or of another service with its protocol.
 *
 * @throws StaticFilesError `settings` for invalid options, and at the first use if a package of the SDK is not installed
 * @example
 * const storage = await s3Storage({ bucket: 'my-bucket', region: 'eu-central-1', prefix: 'static' });
 */
export async function s3Storage(options: S3StorageOptions): Promise<Storage> {
  const [own, shared] = splitOptions<S3Options>(options);
  return objectStorage(createS3Store(own), shared);
}

/**
 * Returns the store of a bucket of Amazon S3, or of another service with its protocol.
 *
 * @throws StaticFilesError `settings` for invalid options, and at the first use if a package of the SDK is not installed
 */
export function createS3Store(userOptions: S3Options): ObjectStore {
  const options = s3Options(userOptions);
  const { bucket, concurrency } = options;
  const isAmazon = options.endpoint === undefined && options.client === undefined;
  const known = {
    name: 's3',
    displayUrl: `s3://${bucket}`,
    concurrency,
    // Other services ignore ETags in a request for many objects, but honour the If-Match of a single one.
    ...(isAmazon && { removesAtOnce: KEYS_AT_ONCE }),
    putsHeadersUpTo: LARGEST_COPY,
    // For other services the first run finds out.
    ...(isAmazon && { conditional: true }),
  };
  const failures = {
    ...{ secrets: secretsOf(options), isAbsence, isUnmet, refusesConditions },
    describe: (error: Error) => describeS3Failure(error, options),
  };
  return serviceStore(known, failures, () => connect(options));
}

async function connect(options: CompleteS3Options): Promise<ServiceCalls> {
  const { concurrency } = options;
  const load = () => import('@aws-sdk/client-s3');
  const sdk = await loadPeer('s3', '@aws-sdk/client-s3', load, '@aws-sdk/client-s3 @aws-sdk/lib-storage');
  const large = pLimit(Math.max(1, Math.floor(concurrency / PARTS_AT_ONCE)));
  const connecting = await s3Client(sdk, options);
  const { client } = connecting;
  const connection: S3Connection = {
    sdk,
    client,
    send: createPutSender(sdk, connecting, options),
    options,
    large,
    lacks: { copies: false, deletions: false },
  };
  return {
    list: (prefix, signal) => listObjects(connection, prefix, signal),
    read: (key, signal) => readObject(connection, key, signal),
    put: (key, body, put, sending) => putObject(connection, key, body, put, sending),
    putHeaders: (key, put) => putHeaders(connection, key, put),
    remove: (keys, signal, versions) => removeObjects(connection, keys, signal, versions),
    close() {
      if (options.client === undefined) client.destroy();
    },
  };
}

function secretsOf({ credentials }: S3Options): readonly string[] {
  if (typeof credentials !== 'object') return [];
  const { accessKeyId, secretAccessKey, sessionToken = '' } = credentials;
  return [accessKeyId, secretAccessKey, sessionToken];
}
