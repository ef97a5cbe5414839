import type { Warning } from '../model/static-file.js';
import type { Settings } from '../settings/settings.js';

/** Options of `loadStatic()`. */
export interface LoadStaticOptions {
  /**
   * Path or `file:` URL of the manifest (default: from the settings). With it, production reads no settings and loads
   * no package.
   */
  readonly manifest?: string | URL;
  /**
   * Path or URL before each public path; it ends in `/` (default: `STATIC_URL`, then the storage's `publicUrl`, then
   * the settings' `staticUrl`; with `manifest`, `/static/`).
   */
  readonly baseUrl?: string;
  /**
   * Whether an unknown name is an error; if `false`, it gives its plain URL, also where nothing was collected (default:
   * `true`).
   */
  readonly strict?: boolean;
  /**
   * `true` looks names up among the sources and gives plain URLs. `false` requires the manifest. (default: `true` if
   * nothing has been collected and `NODE_ENV` is not `production`; the same rule as for `dev` of `serve()`)
   */
  readonly debug?: boolean;
  /** Id of the release whose manifest is read; `false` for the active one (default: `RELEASE_ID`). */
  readonly release?: string | false;
  /** Settings of the project, or the path of its settings file (default: searched upwards from the current folder). */
  readonly settings?: Settings | string;
  /** Environment variables (default: `process.env`). */
  readonly env?: Environment;
  /** Called once for each problem that does not stop the application (default: `process.emitWarning`). */
  readonly onWarning?: (warning: Warning) => void;
}

/**
 * Environment variables by name. Three are read: `STATIC_URL` is the base URL, `RELEASE_ID` the release whose manifest
 * is read, and `NODE_ENV=production` requires the manifest.
 */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Returns the environment of this process. The one place of the runtime that reads it. */
export function processEnvironment(): Environment {
  return process.env;
}
