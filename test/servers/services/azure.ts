import { BlobServiceClient, type ContainerClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { AZURE_ACCOUNT, AZURE_KEY, AZURITE_VERSION } from '../start/azurite.js';
import { type Service, urlPath, visitUrl } from './service.js';

const CONTAINER = 'site';

/** A container of Azure's emulator that is public for reading. */
export function azureService(port: number): Service {
  const url = (destination: string) => `${accountUrl(port)}/${CONTAINER}/${destination}/`;
  return {
    name: `Azure: azurite ${AZURITE_VERSION}`,
    entry: (destination, through = port) => ({
      backend: 'azure',
      options: {
        container: CONTAINER,
        prefix: destination,
        accountName: AZURE_ACCOUNT,
        endpoint: accountUrl(through),
      },
    }),
    manyFiles: 5100, // pages of 5000
    env: { AZURE_STORAGE_ACCOUNT: AZURE_ACCOUNT, AZURE_STORAGE_KEY: AZURE_KEY },
    url,
    visit: (destination, publicPath) => visitUrl(url(destination) + urlPath(publicPath)),
    async paths(destination) {
      const names: string[] = [];
      const blobs = rawContainer(port).listBlobsFlat({ prefix: `${destination}/` });
      for await (const { name } of blobs) names.push(name.slice(destination.length + 1));
      return names.sort();
    },
  };
}

/** Makes the container. */
export async function prepareAzure(port: number): Promise<void> {
  await rawContainer(port).create({ access: 'blob' });
}

function rawContainer(port: number): ContainerClient {
  const key = new StorageSharedKeyCredential(AZURE_ACCOUNT, AZURE_KEY);
  return new BlobServiceClient(accountUrl(port), key).getContainerClient(CONTAINER);
}

function accountUrl(port: number): string {
  return `http://127.0.0.1:${port}/${AZURE_ACCOUNT}`;
}
