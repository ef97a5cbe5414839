import type { StorageEntry } from '../../../src/settings/settings.js';

/** A destination for the tests, on a real server. */
export interface Service {
  /** `S3: versitygw 1.8.0` */
  readonly name: string;
  /**
   * The settings' entry that publishes to a place there.
   *
   * @param place `[a-z0-9-]+`; below it nothing stands at first
   * @param port of a proxy before the server, in place of the server's own
   */
  entry(place: string, port?: number): Required<Pick<StorageEntry, 'options'>> & { readonly backend: string };
  /** How many files are many there: more than one page of its listings. */
  readonly manyFiles: number;
  /** What the commands need in their environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The file that a visitor gets for a public path; `undefined` where there is none. Knows nothing of the code that is tested. */
  visit(place: string, publicPath: string): Promise<Visited | undefined>;
  /** The public paths of all that stands in a place, in order. Knows nothing of the code that is tested. */
  paths(place: string): Promise<readonly string[]>;
  /** Where a browser finds a place; it ends in `/`. None where no server of the service's own answers browsers. */
  url?(place: string): string;
}

/** What a visitor gets. */
export interface Visited {
  readonly bytes: Buffer;
  /** None where files have no headers. */
  readonly headers?: Headers;
}

/** A path as URLs have it. */
export function urlPath(publicPath: string): string {
  return publicPath.split('/').map(encodeURIComponent).join('/');
}

/** What a server answers without credentials, as to a browser. */
export async function visitUrl(url: string): Promise<Visited | undefined> {
  // Asked for without a coding, as the bytes are to be compared.
  const response = await fetch(url, { headers: { 'accept-encoding': 'identity' } });
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return { bytes: Buffer.from(await response.arrayBuffer()), headers: response.headers };
}
