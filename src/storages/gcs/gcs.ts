import pLimit from 'p-limit';
import { loadPeer } from '../../plugins/peer-dependency.js';
import { objectStorage } from '../objects/object-storage.js';
import type { ObjectStore } from '../objects/object-store.js';
import { type ObjectStorageOptions, splitOptions } from '../objects/options.js';
import { type ServiceCalls, serviceStore } from '../services/service-store.js';
import type { Storage } from '../storage.js';
import { type GcsConnection, gcsClient, limitAttempts } from './client.js';
import { describeGcsFailure, isAbsence, isUnmet } from './errors.js';
import { listObjects, readObject, removeObjects } from './objects.js';
import { type CompleteGcsOptions, type GcsOptions, gcsOptions } from './options.js';
import { putHeaders, putObject } from './put.js';

export type { GcsOptions } from './options.js';

/** The options of the service, and those that all services share. */
export type GcsStorageOptions = GcsOptions & ObjectStorageOptions;

/**
 * Returns a storage that publishes to a bucket of Google Cloud Storage.
 *
 * @throws StaticFilesError `settings` for invalid options, and at the first use if the client library is not installed
 * @example
 * const storage = await gcsStorage({ bucket: 'my-bucket', prefix: 'static' });
 */
export async function gcsStorage(options: GcsStorageOptions): Promise<Storage> {
  const [own, shared] = splitOptions<GcsOptions>(options);
  return objectStorage(createGcsStore(own), shared);
}

/** How many large objects are sent at a time. Each has two pieces in memory. */
const LARGE_AT_ONCE = 4;

/**
 * Returns the store of a bucket of Google Cloud Storage.
 *
 * @throws StaticFilesError `settings` for invalid options, and at the first use if the client library is not installed
 */
export function createGcsStore(userOptions: GcsOptions): ObjectStore {
  const options = gcsOptions(userOptions);
  const { bucket, concurrency } = options;
  const failures = {
    ...{ secrets: secretsOf(options), isAbsence, isUnmet },
    describe: (error: Error) => describeGcsFailure(error, bucket),
  };
  return serviceStore(
    { name: 'gcs', displayUrl: `gs://${bucket}`, concurrency, conditional: true },
    failures,
    () => connect(options),
  );
}

async function connect(options: CompleteGcsOptions): Promise<ServiceCalls> {
  const { bucket, concurrency } = options;
  const sdk = await loadPeer('gcs', '@google-cloud/storage', () => import('@google-cloud/storage'));
  const connection: GcsConnection = {
    bucket: limitAttempts(gcsClient(sdk, options).bucket(bucket)),
    options,
    large: pLimit(Math.min(LARGE_AT_ONCE, concurrency)),
  };
  return {
    list: (prefix, signal) => listObjects(connection, prefix, signal),
    read: (key, signal) => readObject(connection, key, signal),
    put: (key, body, put, sending) => putObject(connection, key, body, put, sending),
    putHeaders: (key, put) => putHeaders(connection, key, put),
    remove: (keys, signal, versions) => removeObjects(connection, keys, signal, versions),
  };
}

function secretsOf({ credentials }: GcsOptions): readonly string[] {
  return credentials === undefined ? [] : [credentials.private_key];
}
