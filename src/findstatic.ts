import fs from 'node:fs';
import { StaticFilesError } from './errors.js';
import { cannotRead, sameFileBytes } from './files/bytes.js';
import { findHiddenFile, lookUpContext } from './finders/find.js';
import type { FindContext, Finder } from './finders/finder.js';
import { logicalPathOf } from './model/logical-path.js';
import type { HiddenFile, SearchRoot, StaticFile } from './model/static-file.js';
import { runPlugin } from './plugins/plugin.js';
import type { Settings } from './settings/settings.js';
import { nearestPaths } from './text/suggest.js';

export interface FindOptions {
  /** Stop at the first match. */
  readonly first?: boolean;
}

/** A file or folder that a name resolves to. */
export interface Match {
  /** Absolute real path. */
  readonly sourcePath: string;
  readonly finder: string;
  readonly root: SearchRoot;
  readonly directory: boolean;
  /** For a shadowed file: whether it has the same bytes as the winner. */
  readonly sameBytes?: boolean;
}

export interface FindResult {
  /** The name as it was given: a logical path or a URL. */
  readonly name: string;
  readonly logicalPath: string;
  /** The winner first. */
  readonly matches: readonly Match[];
  /** Without a match: the file that an ignore pattern hides. */
  readonly hidden?: HiddenFile;
  /** Without a match: similar logical paths, best first. */
  readonly nearest: readonly string[];
}

/** The settings that decide where files are found. */
export type FindSettings = Pick<
  Settings,
  'finders' | 'ignore' | 'defaultIgnore' | 'staticUrl' | 'storage' | 'manifest'
>;

/**
 * Returns the files and folders that names resolve to, the winner of each name first.
 *
 * @param names logical paths (`css/app.css`) or URLs (`/static/css/app.css`)
 * @returns one result for each name, in their order
 * @throws StaticFilesError `usage` for a name that is not below `staticUrl`, such as `../x`; `source` if a file cannot be
 *   read; `plugin` if a finder fails
 * @example
 * const [result] = await findstatic(await loadSettings(), ['css/app.css']);
 * result.matches[0]?.sourcePath; // '/project/apps/blog/static/css/app.css'
 */
export async function findstatic(
  settings: FindSettings,
  names: readonly string[],
  options: FindOptions = {},
): Promise<readonly FindResult[]> {
  const search = searchOf(settings);
  const asked = names.map((name) => ({ name, logicalPath: logicalPathOf(name, settings.staticUrl) }));
  const results: FindResult[] = [];
  for (const { name, logicalPath } of asked) {
    const matches = await matchesOf(search, logicalPath, options.first ?? false);
    const hints = matches.length > 0 ? { nearest: [] } : await hintsFor(search, logicalPath);
    results.push({ name, logicalPath, matches, ...hints });
  }
  return results;
}

interface Search {
  readonly finders: readonly Finder[];
  readonly context: FindContext;
  /** The names of all files. Lists them at the first call. */
  names(): Promise<ReadonlySet<string>>;
}

function searchOf(settings: FindSettings): Search {
  const { finders } = settings;
  const context = lookUpContext(settings);
  let names: Promise<ReadonlySet<string>> | undefined;
  return {
    finders,
    context,
    names() {
      names ??= allNames(finders, context);
      return names;
    },
  };
}

async function matchesOf(
  { finders, context }: Search,
  logicalPath: string,
  first: boolean,
): Promise<Match[]> {
  const matches: Match[] = [];
  for (const finder of finders) {
    for (const file of await ask(finder, () => finder.find(logicalPath, context))) {
      matches.push(matchOf(finder, file, matches[0]));
      if (first) return matches;
    }
  }
  return matches;
}

function matchOf(finder: Finder, { sourcePath, root }: StaticFile, winner: Match | undefined): Match {
  const directory = look(finder, sourcePath, () => fs.statSync(sourcePath)).isDirectory();
  const match = {
    sourcePath: look(finder, sourcePath, () => fs.realpathSync.native(sourcePath)),
    finder: finder.name,
    root,
    directory,
  };
  if (!winner || winner.directory || directory) return match;
  return {
    ...match,
    sameBytes: look(finder, sourcePath, () => sameFileBytes(winner.sourcePath, sourcePath)),
  };
}

/** What helps with a name that has no match. */
async function hintsFor(
  search: Search,
  logicalPath: string,
): Promise<Pick<FindResult, 'hidden' | 'nearest'>> {
  const nearest = nearestPaths(logicalPath, await search.names());
  const hidden = await findHiddenFile(search.finders, logicalPath, search.context);
  return hidden ? { hidden, nearest } : { nearest };
}

async function allNames(finders: readonly Finder[], context: FindContext): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (const finder of finders) {
    for (const { logicalPath } of await listed(finder, context)) names.add(logicalPath);
  }
  return names;
}

/** A source that cannot be listed costs its suggestions, but does not fail the look-up. */
async function listed(finder: Finder, context: FindContext): Promise<readonly StaticFile[]> {
  try {
    return await ask(finder, () => finder.list(context));
  } catch (error) {
    if (error instanceof StaticFilesError && error.code === 'source') return [];
    throw error;
  }
}

function ask<Answer>(finder: Finder, question: () => Answer | Promise<Answer>): Promise<Answer> {
  return runPlugin(`finder '${finder.name}'`, question);
}

/** Looks at a file that a finder found. A custom finder may name one that does not exist. */
function look<Result>(finder: Finder, sourcePath: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw cannotRead('source', `'${sourcePath}', which the finder '${finder.name}' found`, error);
  }
}
