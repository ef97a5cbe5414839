import { StaticFilesError } from '../errors.js';
import { isFile } from '../files/system-path.js';
import { findStaticFiles, lookUpContext } from '../finders/find.js';
import type { FindContext, Finder } from '../finders/finder.js';
import { type ImportMap, makeImportMap } from '../manifest/import-map.js';
import { originalOutput } from '../model/output.js';
import type { StaticFile } from '../model/static-file.js';
import type { Settings } from '../settings/settings.js';
import type { PathTable } from './lookup.js';

/** Content of a manifest as if all files had been published under their plain names. */
export interface DevelopmentManifest {
  readonly paths: PathTable;
  readonly importmap?: ImportMap;
  /** Returns the absolute path of a source by its logical path; `undefined` if the name is unknown. */
  sourcePath(logicalPath: string): string | undefined;
}

/**
 * Returns a manifest that looks names up among the sources. Names that `collectstatic` would not collect are unknown.
 *
 * The finders are asked at each look-up, so new files are found and deleted ones are not.
 *
 * @param baseUrl base of the import map's URLs
 * @throws StaticFilesError `settings` if the file of an import map's entry does not exist; errors of finders
 */
export async function findInDevelopment(settings: Settings, baseUrl: string): Promise<DevelopmentManifest> {
  const { finders, importMap } = settings;
  const context = lookUpContext(settings);
  const names = await Promise.all(finders.map((finder) => namesOf(finder, context)));
  const sourcePath = (name: string) => {
    for (const { find } of names) {
      const found = find(name);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const paths: PathTable = {
    get: (name) => (sourcePath(name) === undefined ? undefined : name),
    keys: () => new Set(names.flatMap(({ list }) => [...list()])),
  };
  if (importMap === undefined) return { paths, sourcePath };
  const { files } = await findStaticFiles(finders, context);
  return {
    paths,
    sourcePath,
    importmap: makeImportMap(importMap.entries, files.map(originalOutput), baseUrl),
  };
}

/** Names of the files that one finder finds. */
interface Names {
  /** Returns the absolute path of a file; `undefined` if the finder does not find it. */
  find(name: string): string | undefined;
  list(): Iterable<string>;
}

/** An unlikely name. Looking it up shows whether a finder is synchronous, as look-ups are. */
const PROBE = '.staticfiles-probe';

async function namesOf(finder: Finder, context: FindContext): Promise<Names> {
  const answer = finder.find(PROBE, context);
  if (!isPromise(answer)) return synchronousNames(finder, context);
  await answer;
  const files = new Map<string, string>();
  for (const { logicalPath, sourcePath } of await finder.list(context)) {
    if (!files.has(logicalPath)) files.set(logicalPath, sourcePath); // the first one wins
  }
  return { find: (name) => files.get(name), list: () => files.keys() };
}

function synchronousNames(finder: Finder, context: FindContext): Names {
  return {
    find(name) {
      const found = notPromised(finder, finder.find(name, context));
      return found.find(({ sourcePath }) => isFile(sourcePath))?.sourcePath; // a finder also returns folders
    },
    list() {
      const files = finder.list(context);
      return isPromise(files) ? [] : files.map(({ logicalPath }) => logicalPath);
    },
  };
}

function notPromised(finder: Finder, answer: ReturnType<Finder['find']>): readonly StaticFile[] {
  if (!isPromise(answer)) return answer;
  throw new StaticFilesError(
    'plugin',
    `The finder '${finder.name}' returns promises for some names only. Its find() must always return a promise, or never.`,
  );
}

function isPromise<T>(answer: T | Promise<T>): answer is Promise<T> {
  return typeof (answer as { then?: unknown }).then === 'function';
}
