import { StaticFilesError } from '../errors.js';
import { foldName } from '../files/name-folding.js';
import { isFile } from '../files/system-path.js';
import { findCollisions } from '../model/collisions.js';
import { foldersOf, isPublishable } from '../model/public-path.js';
import type { HiddenFile, StaticFile } from '../model/static-file.js';
import { runPlugin } from '../plugins/plugin.js';
import { quoted } from '../text/printable.js';
import { type Conflict, pickWinners } from './conflicts.js';
import type { FindContext, Finder } from './finder.js';
import { createPatternUse, type UnmatchedPattern } from './unmatched.js';

/** Files that the finders found. */
export interface Found {
  /** One file for each logical path, in the order of the finders. */
  readonly files: readonly StaticFile[];
  readonly conflicts: readonly Conflict[];
  /** The ignore patterns, and patterns of search roots, that match nothing. */
  readonly unmatched: readonly UnmatchedPattern[];
}

/**
 * Returns the files of all finders. If several have the same logical path, the first one wins. Warns about names that
 * are the same on other systems.
 *
 * @throws StaticFilesError `source` if a path is a file of one finder and a folder of another, `plugin` if a finder
 *   fails
 */
export async function findStaticFiles(finders: readonly Finder[], context: FindContext): Promise<Found> {
  const use = createPatternUse();
  const listed = await listAll(finders, { ...context, matched: use.matched });
  const { winners, conflicts } = pickWinners(listed);
  refuseFilesAsFolders(winners);
  warnOfCollisions(winners, context);
  return { files: [...winners.values()], conflicts, unmatched: use.unmatched(finders, context, listed) };
}

/**
 * Returns the file that a run would collect under a logical path; `undefined` if there is none. Reads only the folders
 * on the way to it.
 *
 * @throws StaticFilesError `source` if a folder cannot be read, `plugin` if a finder fails
 */
export async function findStaticFile(
  finders: readonly Finder[],
  logicalPath: string,
  context: FindContext,
): Promise<StaticFile | undefined> {
  for (const finder of finders) {
    const found = await runPlugin(`finder '${finder.name}'`, () => finder.find(logicalPath, context));
    const file = found.find(({ sourcePath }) => isFile(sourcePath)); // a finder also returns folders
    if (file !== undefined) return file;
  }
  return undefined;
}

/**
 * Returns the file that an ignore pattern hides under a logical path; `undefined` if there is none.
 *
 * @throws StaticFilesError `source` if a folder cannot be read, `plugin` if a finder fails
 */
export async function findHiddenFile(
  finders: readonly Finder[],
  logicalPath: string,
  context: FindContext,
): Promise<HiddenFile | undefined> {
  for (const finder of finders) {
    const hidden = await runPlugin(`finder '${finder.name}'`, () => finder.explain(logicalPath, context));
    if (hidden !== undefined) return hidden;
  }
  return undefined;
}

async function listAll(finders: readonly Finder[], context: FindContext): Promise<StaticFile[]> {
  const lists: StaticFile[][] = [];
  for (const finder of finders) {
    const files = [...(await runPlugin(`finder '${finder.name}'`, () => finder.list(context)))];
    for (const file of files) refuseOutside(file, finder);
    lists.push(files);
  }
  return lists.flat();
}

/** Without a processor, the logical path becomes the public path. */
function refuseOutside({ logicalPath, sourcePath }: StaticFile, { name }: Finder): void {
  if (isPublishable(logicalPath)) return;
  throw new StaticFilesError(
    'plugin',
    `The finder '${name}' gave ${quoted(sourcePath)} the logical path ${quoted(logicalPath)}, which is not a path below the destination. Nothing was published.`,
  );
}

function refuseFilesAsFolders(winners: ReadonlyMap<string, StaticFile>): void {
  const files = [...winners.values()];
  for (const [dir, inside] of foldersOf(files, (file) => file.logicalPath)) {
    const file = winners.get(dir);
    if (file !== undefined) throw fileAndFolder(dir, file, inside);
  }
}

function fileAndFolder(dir: string, file: StaticFile, inside: StaticFile): StaticFilesError {
  return new StaticFilesError(
    'source',
    `${quoted(dir)} cannot be both a file and a folder: ${quoted(file.sourcePath)} would be published there, ` +
      `and ${quoted(inside.sourcePath)} below it. Rename or ignore one of them.`,
  );
}

/** Many computers of developers, and some servers, cannot have both files. */
function warnOfCollisions(winners: ReadonlyMap<string, StaticFile>, context: FindContext): void {
  const fold = (logicalPath: string) => foldName(logicalPath, { ignoresCase: true, ignoresForm: true });
  for (const { paths } of findCollisions([...winners.keys()], (logicalPath) => logicalPath, fold))
    context.warn({ code: 'name-collision', message: collision(...paths) });
}

function collision(a: string, b: string): string {
  const [difference, systems] =
    a.normalize('NFC') === b.normalize('NFC')
      ? ['Unicode normalisation', 'macOS']
      : ['letter case', 'macOS and Windows'];
  return `${quoted(a)} and ${quoted(b)} differ only in ${difference}. They are the same name on ${systems}, and cannot be published side by side there.`;
}

/** The part of the settings that says where static files and manifests are published. */
interface Destinations {
  readonly storage: { readonly folder?: string };
  readonly manifest: { readonly storage?: { readonly folder?: string } };
}

/** Returns the local folders of the destinations. Finders leave them out. */
export function destinationFolders({ storage, manifest }: Destinations): readonly string[] {
  const folders = [storage.folder, manifest.storage?.folder];
  return folders.filter((folder) => folder !== undefined);
}

/** The patterns of the settings. */
interface Ignored {
  readonly ignore: readonly string[];
  readonly defaultIgnore: readonly string[];
}

/** Returns the context for looking files up. It drops warnings, because collectstatic reports them. */
export function lookUpContext(settings: Destinations & Ignored): FindContext {
  return {
    ignore: [...settings.defaultIgnore, ...settings.ignore],
    exclude: destinationFolders(settings),
    warn() {},
  };
}
