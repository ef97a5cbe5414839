import type { Warning } from '../model/static-file.js';
import type { Settings } from '../settings/settings.js';

/** Where an application's static files are looked up. */
export interface LoadStaticOptions {
  /**
   * The manifest: a path, or a `URL` of the scheme `file:`. With it, production reads no settings and loads no package. Unless given, the
   * settings say where it is.
   */
  readonly manifest?: string | URL;
  /** As for `createStatic`. Unless given: `STATIC_URL`, else the storage's `publicUrl` or the settings' `staticUrl`, or `/static/` with `manifest`. */
  readonly baseUrl?: string;
  /** Whether an unknown name is an error; `true` unless given. */
  readonly strict?: boolean;
  /**
   * `true`: plain URLs, names looked up among the sources. `false`: the manifest must be there. Unless given: `true`
   * where there is no manifest and `NODE_ENV` is not `production`.
   */
  readonly debug?: boolean;
  /** The release whose manifest is read; `RELEASE_ID` unless given. `false`: the newest. */
  readonly release?: string | false;
  /** The project's settings, or the path of their file; searched upwards from the current folder unless given. */
  readonly settings?: Settings | string;
  /** `process.env` unless given. */
  readonly env?: Environment;
  /** Called once for each problem that does not stop the application; `process.emitWarning` unless given. */
  readonly onWarning?: (warning: Warning) => void;
}

/**
 * Variables by name. `STATIC_URL`: the base URL. `RELEASE_ID`: the release whose manifest is read. `NODE_ENV`:
 * `production` where the manifest must be there.
 */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Those of this process. The one place of the runtime that reads them. */
export function processEnvironment(): Environment {
  return process.env;
}
