import { promisify } from 'node:util';
import { StaticFilesError } from '../errors.js';
import { isReleaseId } from '../manifest/release.js';
import { type CheckMessage, formatChecks } from './checks/message.js';
import type { Environment } from './overrides.js';
import type { ReleaseSettings } from './settings.js';

/** The id that is found out. */
const AUTO = 'auto';

/**
 * Where CI systems and hosts tell the commit that they build or run, after the variable that one sets oneself.
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

/** Where an id is looked for. */
interface Surroundings {
  /** The folder whose commit git is asked for. */
  readonly baseDir: string;
  readonly env: Environment;
}

/** The release of a project, by the id that its settings give, or `auto`. */
export function releaseSettings(id: string, surroundings: Surroundings): ReleaseSettings {
  let found: Promise<string> | undefined;
  return {
    id() {
      found ??= id === AUTO ? findId(surroundings) : Promise.resolve(id);
      return found;
    },
  };
}

async function findId({ baseDir, env }: Surroundings): Promise<string> {
  const variable = RELEASE_VARIABLES.find((name) => env[name]);
  const id = variable === undefined ? await commitOf(baseDir, env) : env[variable]!;
  if (id === undefined) throw settingsError(NONE_FOUND);
  if (!isReleaseId(id)) {
    const message = `The release.id setting is 'auto', and ${variable} is '${id}', which cannot be a folder's name.`;
    throw settingsError({
      code: 'E022',
      message,
      hint: 'Set RELEASE_ID, or give an id: no slashes, no dot at its start.',
    });
  }
  return id;
}

const NONE_FOUND = {
  code: 'E021',
  message: "The release.id setting is 'auto', and no id was found.",
  hint: 'Set RELEASE_ID, collect in a git repository or a CI system (docs/releases.md), or give an id.',
};

function settingsError(message: CheckMessage): StaticFilesError {
  return new StaticFilesError('settings', formatChecks([message]));
}

/** The commit that is checked out; `undefined` without git, outside of a repository, and before its first commit. */
async function commitOf(dir: string, env: Environment): Promise<string | undefined> {
  const { execFile } = await import('node:child_process');
  try {
    const { stdout } = await promisify(execFile)('git', ['rev-parse', '--verify', 'HEAD'], { cwd: dir, env });
    return stdout.trim();
  } catch {
    return undefined;
  }
}
