import { promisify } from 'node:util';
import { isReleaseId } from '../manifest/release.js';
import type { Environment } from './overrides.js';
import { type SettingsSource, settingsError } from './problems.js';
import type { ReleaseSettings } from './settings.js';

/** The id in the settings for which one is looked up. */
const AUTO = 'auto';

/**
 * The variables in which CI systems and hosts give the commit that they build or run, after the user's own one.
 * docs/releases.md lists them, with the documentation of each.
 */
export const RELEASE_VARIABLES: readonly string[] = [
  'RELEASE_ID',
  ...['GITHUB_SHA', 'CI_COMMIT_SHA', 'CIRCLE_SHA1', 'BITBUCKET_COMMIT', 'BUILD_SOURCEVERSION', 'GIT_COMMIT'],
  ...['BUILDKITE_COMMIT', 'BUILD_VCS_NUMBER', 'TRAVIS_COMMIT', 'APPVEYOR_REPO_COMMIT', 'DRONE_COMMIT_SHA'],
  ...['SEMAPHORE_GIT_SHA', 'CIRRUS_CHANGE_IN_REPO', 'CF_REVISION', 'CODEBUILD_RESOLVED_SOURCE_VERSION'],
  ...['AWS_COMMIT_ID', 'VERCEL_GIT_COMMIT_SHA', 'COMMIT_REF', 'CF_PAGES_COMMIT_SHA', 'WORKERS_CI_COMMIT_SHA'],
  ...['RENDER_GIT_COMMIT', 'RAILWAY_GIT_COMMIT_SHA', 'HEROKU_BUILD_COMMIT', 'HEROKU_SLUG_COMMIT'],
  ...['SOURCE_VERSION', 'KOYEB_GIT_SHA'],
];

/** Where an id is looked up. */
interface Surroundings {
  /** The folder whose git commit is used. */
  readonly baseDir: string;
  readonly env: Environment;
  readonly source: SettingsSource;
}

/** The release of a project by the id in its settings, or `auto`. */
export function releaseSettings(id: string, surroundings: Surroundings): ReleaseSettings {
  let found: Promise<string> | undefined;
  return {
    id() {
      found ??= id === AUTO ? findId(surroundings) : Promise.resolve(id);
      return found;
    },
  };
}

async function findId({ baseDir, env, source }: Surroundings): Promise<string> {
  const variable = RELEASE_VARIABLES.find((name) => env[name]);
  const id = variable === undefined ? await commitOf(baseDir, env) : env[variable]!;
  const key = 'release.id';
  if (id === undefined) {
    const hint = 'Set RELEASE_ID, run in a git repository or a CI system (docs/releases.md), or set an id.';
    throw settingsError([{ code: 'E021', key, message: "found no release id for 'auto'.", hint }], source);
  }
  if (!isReleaseId(id)) {
    const message = `'auto' takes ${variable}, but '${id}' cannot be a folder name.`;
    const hint = 'Set RELEASE_ID or an id: no slashes, no dot at its start.';
    throw settingsError([{ code: 'E022', key, message, hint }], source);
  }
  return id;
}

/** The current git commit; `undefined` without git, outside of a repository, and before its first commit. */
async function commitOf(dir: string, env: Environment): Promise<string | undefined> {
  const { execFile } = await import('node:child_process');
  try {
    const { stdout } = await promisify(execFile)('git', ['rev-parse', '--verify', 'HEAD'], { cwd: dir, env });
    return stdout.trim();
  } catch {
    return undefined;
  }
}
