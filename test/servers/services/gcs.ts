import { FAKE_GCS_VERSION } from '../start/fake-gcs.js';
import { type Service, urlPath, visitUrl } from './service.js';

const BUCKET = 'site';

/** A bucket of the emulator of Google Cloud Storage, which needs no credentials. */
export function gcsService(port: number): Service {
  const server = `http://127.0.0.1:${port}`;
  const url = (destination: string) => `${server}/${BUCKET}/${destination}/`;
  return {
    name: `GCS: fake-gcs-server ${FAKE_GCS_VERSION}`,
    entry: (destination, through = port) => ({
      backend: 'gcs',
      options: {
        bucket: BUCKET,
        prefix: destination,
        projectId: 'tests',
        apiEndpoint: `http://127.0.0.1:${through}`,
      },
    }),
    manyFiles: 1100, // pages of 1000
    env: {},
    url,
    visit: (destination, publicPath) => visitUrl(url(destination) + urlPath(publicPath)),
    async paths(destination) {
      const names: string[] = [];
      for (let page: string | undefined = ''; page !== undefined; ) {
        const query = new URLSearchParams({ prefix: `${destination}/`, pageToken: page });
        const answer = await fetch(`${server}/storage/v1/b/${BUCKET}/o?${query}`);
        const { items = [], nextPageToken } = (await answer.json()) as Listing;
        names.push(...items.map(({ name }) => name.slice(destination.length + 1)));
        page = nextPageToken;
      }
      return names.sort();
    },
  };
}

/** https://cloud.google.com/storage/docs/json_api/v1/objects/list#response */
interface Listing {
  readonly items?: readonly { readonly name: string }[];
  readonly nextPageToken?: string;
}

/** Makes the bucket. */
export async function prepareGcs(port: number): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}/storage/v1/b?project=tests`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: BUCKET }),
  });
  if (!answer.ok) throw new Error(`The bucket was not made: ${answer.status} ${await answer.text()}`);
}
