import fs from 'node:fs';
import { StaticFilesError } from './errors.js';
import { cannotRead, sameFileBytes } from './files/bytes.js';
import { lookUpContext } from './finders/find.js';
import type { FindContext, Finder, HiddenFile } from './finders/finder.js';
import { logicalPathOf } from './model/logical-path.js';
import type { SearchRoot, StaticFile } from './model/static-file.js';
import { runPlugin } from './plugins/plugin.js';
import type { Settings } from './settings/settings.js';
import { nearestNames } from './text/suggest.js';

export interface FindOptions {
  /** Stop at the first match. */
  readonly first?: boolean;
}

/** A file, or a folder, that a name stands for. */
export interface Match {
  /** Absolute real path. */
  readonly sourcePath: string;
  readonly finder: string;
  readonly root: SearchRoot;
  readonly directory: boolean;
  /** For a shadowed file: whether its bytes are the winner's. */
  readonly sameBytes?: boolean;
}

export interface FindResult {
  /** As it was asked for: a logical path, or a public URL. */
  readonly name: string;
  readonly logicalPath: string;
  /** The winner first. */
  readonly matches: readonly Match[];
  /** Where there is no match: the file that an ignore pattern hides. */
  readonly hidden?: HiddenFile;
  /** Where there is no match: names that come nearest, best first. */
  readonly nearest: readonly string[];
}

/** The settings that say where files are found. */
export type FindSettings = Pick<Settings, 'finders' | 'ignore' | 'staticUrl' | 'storage' | 'manifest'>;

/**
 * Says where static files come from: for each name all files, or folders, that it stands for, the winner first.
 *
 * @param names Logical paths (`css/app.css`) or public URLs (`/static/css/app.css`).
 * @returns One result a name, in their order.
 * @throws StaticFilesError `usage` for a name that leads out of the static files, `source` where something cannot
 *   be read, `plugin` where a finder fails
 *
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
    const instead = matches.length > 0 ? { nearest: [] } : await insteadOf(search, logicalPath);
    results.push({ name, logicalPath, matches, ...instead });
  }
  return results;
}

interface Search {
  readonly finders: readonly Finder[];
  readonly context: FindContext;
  /** The names of all files; found once, when they are needed. */
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

/** What can be said of a name that stands for nothing. */
async function insteadOf(
  search: Search,
  logicalPath: string,
): Promise<Pick<FindResult, 'hidden' | 'nearest'>> {
  const nearest = nearestNames(logicalPath, await search.names());
  for (const finder of search.finders) {
    const hidden = await ask(finder, () => finder.explain(logicalPath, search.context));
    if (hidden) return { hidden, nearest };
  }
  return { nearest };
}

async function allNames(finders: readonly Finder[], context: FindContext): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (const finder of finders) {
    for (const { logicalPath } of await listed(finder, context)) names.add(logicalPath);
  }
  return names;
}

/** A source that cannot be listed takes suggestions away; it is no reason to leave the question unanswered. */
async function listed(finder: Finder, context: FindContext): Promise<readonly StaticFile[]> {
  try {
    return await ask(finder, () => finder.list(context));
  } catch (error) {
    if (error instanceof StaticFilesError && error.code === 'source') return [];
    throw error;
  }
}

/** Finders may be a user's own: what they throw says nothing of where it comes from. */
function ask<Answer>(finder: Finder, question: () => Answer | Promise<Answer>): Promise<Answer> {
  return runPlugin(`finder '${finder.name}'`, question);
}

/** Looks at a file that a finder found; a user's own finder may name one that is not there. */
function look<Result>(finder: Finder, sourcePath: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw cannotRead('source', `'${sourcePath}', which the finder '${finder.name}' found`, error);
  }
}
