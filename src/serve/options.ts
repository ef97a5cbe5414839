import { StaticFilesError } from '../errors.js';
import type { StaticFile } from '../model/static-file.js';
import type { PublishedOptions } from '../runtime/locate.js';
import type { HeaderValues } from './bodies/representation-headers.js';
import type { FoundFile } from './files/file-source.js';

/** What an answer's headers may depend on. */
export type HeadersOption =
  | Readonly<Record<string, HeaderValues>>
  | ((file: Pick<FoundFile, 'publicPath' | 'mediaType' | 'fingerprinted'>) => HeaderValues);

/** What is of use in development only. */
export interface DevelopmentOptions {
  /**
   * `true` answers with the sources as they are at each request, under their plain names: nothing is collected, and no
   * manifest read. Also serves `mediaRoot` under `mediaUrl`, where the settings have them.
   */
  readonly dev?: boolean;
  /** Whether a folder is answered with a page that lists its files, with `dev`; `false` unless given. */
  readonly showIndexes?: boolean;
  /**
   * Hosts under which files are answered besides this machine's own (`localhost`, `*.localhost`, `127.0.0.0/8`, `[::1]`),
   * with `dev`; as Django's `ALLOWED_HOSTS`: `dev.example.com`, `.example.com` for it and all below, `*` for any.
   */
  readonly allowedHosts?: readonly string[];
  /** Lets `dev` run where `NODE_ENV` is `production`; `false` unless given. */
  readonly insecure?: boolean;
  /** Told of each static file that answers a request, with `dev`. */
  onFound?(file: StaticFile): void;
  /** Told of each reference that leads to no static file, in a file that is answered, with `dev`: once for each state of it. */
  onBroken?(message: string): void;
}

/** How static files are served. `manifest`, `release`, `settings`, `env` and `baseUrl` are those of `loadStatic()`. */
export interface ServeOptions extends PublishedOptions, DevelopmentOptions {
  /**
   * The folder of the files. Unless given: the settings' `staticRoot`, or with `manifest` the folder that it is in.
   */
  readonly root?: string | URL;
  /** For how many seconds a file may be kept by caches whose name does not change with its content; 60 unless given. */
  readonly maxAge?: number;
  /**
   * Further headers, which take the place of those of the same name: by globs of public paths, where all that match
   * count, later ones over earlier ones; or a function, called once for each file.
   */
  readonly headers?: HeadersOption;
  /** The file that answers for its folder, such as `index.html`; none unless given. */
  readonly indexFile?: string;
  /** A folder of files served at `/`: `robots.txt`, `favicon.ico`. What it does not have is left to the application. */
  readonly rootDir?: string | URL;
  /**
   * Whether names under `baseUrl` that no file has are left to the application. Fingerprints that are not known never
   * are. `false` unless given: they are answered with 404.
   */
  readonly fallthrough?: boolean;
  /** Whether pages of other origins may read all files, or none; unless given, fonts and scripts, with `dev` none. */
  readonly cors?: boolean;
  /** How many bytes of bodies are held in memory; 64 MiB unless given. */
  readonly cacheSize?: number;
  /** Whether links may lead out of the folder of the files, as those of `collectstatic --link` do; `false` unless given. */
  readonly followLinks?: boolean;
}

/** @throws StaticFilesError `usage` where an option is no number, or a negative one */
export function assertAmount(option: string, unit: string, value: number): void {
  if (value >= 0) return;
  throw new StaticFilesError(
    'usage',
    `The option ${option} must be a number of ${unit}, 0 or more: ${value}.`,
  );
}
