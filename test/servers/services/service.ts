import http from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { StorageEntry } from '../../../src/settings/settings.js';

/** A destination as visitors see it, independent of the tested code. */
export interface View {
  /** Returns the file that a visitor gets for a public path, or `undefined` if there is none. */
  visit(destination: string, publicPath: string): Promise<Visited | undefined>;
  /** Returns the sorted public paths of all files at a destination. */
  paths(destination: string): Promise<readonly string[]>;
}

/** A destination for the tests, on a real server. */
export interface Service extends View {
  /** `S3: versitygw 1.8.0` */
  readonly name: string;
  /**
   * Returns the settings' entry that publishes to a destination on the server.
   *
   * @param destination the name of the destination, `[a-z0-9-]+`; it is empty at first
   * @param port of a proxy in front of the server; default: the server's own
   */
  entry(
    destination: string,
    port?: number,
  ): Required<Pick<StorageEntry, 'options'>> & { readonly backend: string };
  /** How many files count as many: more than one page of its listings. */
  readonly manyFiles: number;
  /** The environment variables that the commands need. */
  readonly env: Readonly<Record<string, string>>;
  /** Each of several hosts. During a run, and after a killed one, they may differ. */
  readonly hosts?: readonly View[];
  /** Returns the URL of a destination for browsers, which ends in `/`. Absent if the service does not serve browsers. */
  url?(destination: string): string;
  /** Returns the folders of a destination that any web server can serve. */
  folders?(destination: string): readonly string[];
}

/** The file that a visitor gets. */
export interface Visited {
  readonly bytes: Buffer;
  /** `undefined` if files have no headers. */
  readonly headers?: http.IncomingHttpHeaders;
}

/** Escapes a path for a URL. */
export function urlPath(publicPath: string): string {
  return publicPath.split('/').map(encodeURIComponent).join('/');
}

/** Requests a file without credentials, like a browser, in the encoding that it is stored in. */
export async function visitUrl(url: string): Promise<Visited | undefined> {
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    // Google's service decompresses gzip for clients that do not accept it.
    http.get(url, { headers: { 'accept-encoding': 'gzip, br' } }, resolve).once('error', reject);
  });
  const bytes = await buffer(response);
  if (response.statusCode === 404) return undefined;
  if (response.statusCode !== 200) throw new Error(`${url}: ${response.statusCode} ${bytes}`);
  return { bytes, headers: response.headers };
}
