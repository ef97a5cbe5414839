import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { StaticFilesError } from '../errors.js';
import type { StaticFile } from '../model/static-file.js';
import type { PublishedOptions } from '../runtime/locate.js';
import type { Mount, PageRules } from './answering/mount.js';
import type { HeaderValues } from './bodies/representation-headers.js';
import type { FoundFile } from './files/file-source.js';

/**
 * Further headers of files: by glob of public paths, or as a function that returns them for a file.
 *
 * @example
 * const headers: HeadersOption = { 'docs/*.html': { 'content-security-policy': "default-src 'self'" } };
 */
export type HeadersOption =
  | Readonly<Record<string, HeaderValues>>
  | ((file: Pick<FoundFile, 'publicPath' | 'mediaType' | 'fingerprinted'>) => HeaderValues);

/** Options for development. */
export interface DevelopmentOptions {
  /**
   * Whether to serve the sources, under their plain names (default: `true` if nothing has been collected, `NODE_ENV` is not
   * `production` and `root` is not set; the same rule as for `debug` of `loadStatic()`). Also serves fingerprinted names that
   * the last run has published, and `mediaRoot` under `mediaUrl` if the settings have them.
   */
  readonly dev?: boolean;
  /** Requires `dev`. Whether a folder is answered with a list of its files (default: `false`). */
  readonly showIndexes?: boolean;
  /**
   * Requires `dev`. Hosts that are served besides this machine (`localhost`, `*.localhost`, `127.0.0.0/8`, `[::1]`). As in
   * Django's `ALLOWED_HOSTS`, `.example.com` includes all hosts below it, and `*` allows any host.
   */
  readonly allowedHosts?: readonly string[];
  /** Requires `dev`. Whether to run even if `NODE_ENV` is `production` (default: `false`). */
  readonly insecure?: boolean;
  /** Requires `dev`. Called for each static file that answers a request. */
  onFound?(file: StaticFile): void;
  /**
   * Requires `dev`. Called for each missing reference in a file that is served, once for each version of the file.
   *
   * @param message begins with `file:line:column`
   */
  onBroken?(message: string): void;
}

/**
 * Options of `serve()`. `manifest`, `release`, `settings`, `env`, `baseUrl` and `onWarning` are the same as for
 * `loadStatic()`.
 */
export interface ServeOptions extends PublishedOptions, DevelopmentOptions {
  /** Folder of the files (default: `staticRoot` of the settings; with `manifest`, the folder of the manifest). */
  readonly root?: string | URL;
  /** Seconds for which caches may keep a file without a fingerprint (default: 60). Fingerprinted files are kept a year. */
  readonly maxAge?: number;
  /**
   * Further headers, which replace those of the same name. All matching globs count, later ones override earlier ones. A
   * function is called once for each file.
   */
  readonly headers?: HeadersOption;
  /** Whether to send `Cache-Control` with files (default: `true`). `false` leaves it to a layer around the handler. */
  readonly cacheControl?: boolean;
  /** Name of the file that answers for its folder, such as `index.html`, or several in order (default: none). */
  readonly indexFile?: string | readonly string[];
  /** Extensions that a path may lack, without the dot: with `['html']`, `about.html` answers for `about` (default: none). */
  readonly extensions?: readonly string[];
  /**
   * Path of the file that answers for the pages of a single-page application, such as `index.html` (default: none): GET and
   * HEAD of unknown names without an extension, if the client accepts HTML.
   */
  readonly fallback?: string;
  /** Folder of files served at `/`: `robots.txt`, `favicon.ico`. Other requests fall through to the application. */
  readonly rootDir?: string | URL;
  /**
   * Whether unknown names under `baseUrl` fall through to the application (default: `false`, which answers 404; `true` if
   * `baseUrl` is the root of a host, where the application has its own paths). Unknown fingerprints are always answered with
   * 404.
   */
  readonly fallthrough?: boolean;
  /**
   * Whether pages of other origins may read the files (default: only fonts and scripts; with `dev`, none). By default, an
   * `Access-Control-Allow-Origin` that earlier middleware has set is kept.
   */
  readonly cors?: boolean;
  /** Bytes of file contents to keep in memory (default: 64 MiB). */
  readonly cacheSize?: number;
  /** Whether links may point outside of the folder of the files, as with `collectstatic --link` (default: `false`). */
  readonly followLinks?: boolean;
}

/** @throws StaticFilesError `usage` if the value is negative or not a number */
export function assertAmount(option: string, unit: string, value: number): void {
  if (value >= 0) return;
  throw new StaticFilesError(
    'usage',
    `The option ${option} must be a number of ${unit}, 0 or more: ${value}.`,
  );
}

/**
 * Returns the path below which files are requested. The base URL may be a CDN's that fetches the files from here.
 *
 * @throws StaticFilesError `usage` if the URL does not end in `/`
 */
export function basePath(baseUrl: string): string {
  const { pathname } = new URL(baseUrl, 'http://site.invalid');
  if (pathname.endsWith('/')) return pathname;
  throw new StaticFilesError('usage', `The base URL must end in '/': '${baseUrl}'.`);
}

/** Returns which requests without a file fall through. At the root of a host, the application has its own paths. */
export function leavesOf(base: string, { fallthrough = base === '/' }: ServeOptions): Mount['leaves'] {
  return fallthrough ? 'unknown' : 'none';
}

/**
 * Returns the rules for paths that are not those of files.
 *
 * @throws StaticFilesError `usage` if one of the options is invalid
 */
export function pageRules({ indexFile = [], extensions = [], fallback }: ServeOptions): PageRules {
  for (const extension of extensions) {
    if (!/^\w[^/]*$/.test(extension))
      throw invalid('extensions', extension, "an extension without its dot, such as 'html'");
  }
  if (fallback !== undefined && !/^[^/]+(\/[^/]+)*$/.test(fallback)) {
    throw invalid('fallback', fallback, "the path of a file below the base URL, such as 'index.html'");
  }
  return { indexFiles: typeof indexFile === 'string' ? [indexFile] : indexFile, extensions, fallback };
}

function invalid(option: string, value: string, expected: string): StaticFilesError {
  return new StaticFilesError('usage', `The option ${option} has '${value}', which is not ${expected}.`);
}

/** Returns the absolute path of a folder. */
export function systemPath(folder: string | URL): string {
  return path.resolve(folder instanceof URL ? fileURLToPath(folder) : folder);
}
