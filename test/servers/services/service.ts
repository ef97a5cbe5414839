import http from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { StorageEntry } from '../../../src/settings/settings.js';

/** What stands at a destination, as it is seen from outside. Knows nothing of the code that is tested. */
export interface View {
  /** The file that a visitor gets for a public path; `undefined` where there is none. */
  visit(place: string, publicPath: string): Promise<Visited | undefined>;
  /** The public paths of all that stands in a place, in order. */
  paths(place: string): Promise<readonly string[]>;
}

/** A destination for the tests, on a real server. */
export interface Service extends View {
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
  /** Each host by itself, where there are several: while a run goes on, and after one was killed, they are not the same. */
  readonly hosts?: readonly View[];
  /** Where browsers find a place; it ends in `/`. None where the service answers no browsers. */
  url?(place: string): string;
  /** The folders that a place is, where it is one that any server can serve. */
  folders?(place: string): readonly string[];
}

/** What a visitor gets. */
export interface Visited {
  readonly bytes: Buffer;
  /** None where files have no headers. */
  readonly headers?: http.IncomingHttpHeaders;
}

/** A path as URLs have it. */
export function urlPath(publicPath: string): string {
  return publicPath.split('/').map(encodeURIComponent).join('/');
}

/** What a server answers without credentials, as to a browser, in the coding that it is stored in. */
export async function visitUrl(url: string): Promise<Visited | undefined> {
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    // Google's service decodes what it has in gzip for those who do not take that.
    http.get(url, { headers: { 'accept-encoding': 'gzip, br' } }, resolve).once('error', reject);
  });
  const bytes = await buffer(response);
  if (response.statusCode === 404) return undefined;
  if (response.statusCode !== 200) throw new Error(`${url}: ${response.statusCode} ${bytes}`);
  return { bytes, headers: response.headers };
}
