import pLimit from 'p-limit';
import { loadPeer } from '../../plugins/peer-dependency.js';
import { objectStorage } from '../objects/object-storage.js';
import type { ObjectStore } from '../objects/object-store.js';
import { type ObjectStorageOptions, splitOptions } from '../objects/options.js';
import { type ServiceCalls, serviceStore } from '../services/service-store.js';
import type { Storage } from '../storage.js';
import { listBlobs, readBlob, removeBlobs } from './blobs.js';
import { BLOCKS_AT_ONCE } from './blocks.js';
import { type AzureConnection, accountNameOf, azureClient, settingIn } from './client.js';
import { describeAzureFailure, isAbsence, isUnmet } from './errors.js';
import { type AzureOptions, azureOptions, type CompleteAzureOptions } from './options.js';
import { putBlob, putHeaders } from './put.js';

export type { AzureOptions } from './options.js';

/** The options of the service, and those that all services share. */
export type AzureStorageOptions = AzureOptions & ObjectStorageOptions;

/**
 * Returns a storage that publishes to a container of Azure Blob Storage.
 *
 * @throws StaticFilesError `settings` for invalid options, and at the first use if a package of the SDK is not installed
 * @example
 * const storage = await azureStorage({ container: 'static', accountName: 'myaccount' });
 */
export async function azureStorage(options: AzureStorageOptions): Promise<Storage> {
  const [own, shared] = splitOptions<AzureOptions>(options);
  return objectStorage(createAzureStore(own), shared);
}

/**
 * Returns the store of a container of Azure Blob Storage.
 *
 * @throws StaticFilesError `settings` for invalid options, and at the first use if a package of the SDK is not installed
 */
export function createAzureStore(userOptions: AzureOptions): ObjectStore {
  const options = azureOptions(userOptions);
  const { container, concurrency } = options;
  const displayUrl = `azure://${accountNameOf(options)}/${container}`;
  const failures = {
    ...{ secrets: secretsOf(options), isAbsence, isUnmet },
    describe: (error: Error) => describeAzureFailure(error, container),
  };
  return serviceStore({ name: 'azure', displayUrl, concurrency, conditional: true }, failures, () =>
    connect(options),
  );
}

async function connect(options: CompleteAzureOptions): Promise<ServiceCalls> {
  const { concurrency } = options;
  const sdk = await loadPeer('azure', '@azure/storage-blob', () => import('@azure/storage-blob'));
  const container = (await azureClient(sdk, options)).getContainerClient(options.container);
  const large = pLimit(Math.max(1, Math.floor(concurrency / BLOCKS_AT_ONCE)));
  const connection: AzureConnection = { container, options, large };
  return {
    list: (prefix, signal) => listBlobs(connection, prefix, signal),
    read: (key, signal) => readBlob(connection, key, signal),
    put: (key, body, put, sending) => putBlob(connection, key, body, put, sending),
    putHeaders: (key, put) => putHeaders(connection, key, put),
    remove: (keys, signal, versions) => removeBlobs(connection, keys, signal, versions),
  };
}

function secretsOf({
  connectionString = '',
  accountKey = '',
  sasToken = '',
}: AzureOptions): readonly string[] {
  const keys = ['AccountKey', 'SharedAccessSignature'].map((name) => settingIn(connectionString, name) ?? '');
  return [connectionString, ...keys, accountKey, sasToken.replace(/^\?/, '')];
}
