import { StaticFilesError } from '../errors.js';
import { isFile } from '../files/system-path.js';
import { findStaticFiles, lookUpContext } from '../finders/find.js';
import type { FindContext, Finder } from '../finders/finder.js';
import { type ImportMap, makeImportMap } from '../manifest/import-map.js';
import { originalOutput } from '../model/output.js';
import type { StaticFile } from '../model/static-file.js';
import type { Settings } from '../settings/settings.js';
import type { PathTable } from './lookup.js';

/** What a manifest would say, had the files been collected under their plain names. */
export interface DevelopmentManifest {
  readonly paths: PathTable;
  readonly importmap?: ImportMap;
}

/**
 * Looks names up among the sources, so that what `collectstatic` would not collect is unknown here too. The finders
 * are asked at each look-up: new files are there at once, deleted ones gone.
 *
 * @param baseUrl for the import map
 * @throws StaticFilesError `settings` for an entry of the import map that leads to no file; what finders throw
 */
export async function findInDevelopment(settings: Settings, baseUrl: string): Promise<DevelopmentManifest> {
  const { finders, importMap } = settings;
  const context = lookUpContext(settings);
  const asked = await Promise.all(finders.map((finder) => namesOf(finder, context)));
  const paths: PathTable = {
    get: (name) => (asked.some(({ has }) => has(name)) ? name : undefined),
    keys: () => new Set(asked.flatMap(({ list }) => [...list()])),
  };
  if (importMap === undefined) return { paths };
  const { files } = await findStaticFiles(finders, context);
  return { paths, importmap: makeImportMap(importMap.entries, files.map(originalOutput), baseUrl) };
}

interface Names {
  has(name: string): boolean;
  list(): Iterable<string>;
}

/** A name that hardly any file has: it shows whether a finder answers at once, as a look-up needs it. */
const PROBE = '.staticfiles-probe';

async function namesOf(finder: Finder, context: FindContext): Promise<Names> {
  const answer = finder.find(PROBE, context);
  if (!isPromise(answer)) return namesAtOnce(finder, context);
  await answer;
  const names = new Set((await finder.list(context)).map(({ logicalPath }) => logicalPath));
  return { has: (name) => names.has(name), list: () => names };
}

function namesAtOnce(finder: Finder, context: FindContext): Names {
  return {
    has: (name) => atOnce(finder, finder.find(name, context)).some(({ sourcePath }) => isFile(sourcePath)),
    list() {
      const files = finder.list(context);
      return isPromise(files) ? [] : files.map(({ logicalPath }) => logicalPath);
    },
  };
}

function atOnce(finder: Finder, answer: ReturnType<Finder['find']>): readonly StaticFile[] {
  if (!isPromise(answer)) return answer;
  throw new StaticFilesError(
    'plugin',
    `The finder '${finder.name}' gives promises for some names only. Let its find() give promises always, or never.`,
  );
}

function isPromise<T>(answer: T | Promise<T>): answer is Promise<T> {
  return typeof (answer as { then?: unknown }).then === 'function';
}
