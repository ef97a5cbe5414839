/**
 * Variables by name. `STATIC_URL`: the base URL. `RELEASE_ID`: the release whose manifest is read. `NODE_ENV`:
 * `production` where the manifest must be there.
 */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Those of this process. The one place of the runtime that reads them. */
export function processEnvironment(): Environment {
  return process.env;
}
