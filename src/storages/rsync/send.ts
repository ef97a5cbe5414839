import { StaticFilesError } from '../../errors.js';
import { filesText } from '../../file-texts.js';
import { foldersOf, isInOneOf } from '../../paths.js';
import type { PushOptions } from './host.js';
import type { KnownHost } from './known-host.js';
import type { Phase } from './phase.js';
import { removeFrom } from './remove.js';

/** Sends the files of a phase to a host, and notes that they are there. */
export async function sendTo(
  known: KnownHost,
  { folder, files }: Phase,
  options: Omit<PushOptions, 'together' | 'force'>,
): Promise<void> {
  const publicPaths = [...files.keys()];
  const folders = foldersOf(publicPaths, (publicPath) => publicPath);
  const inTheWay = [...folders.keys()].filter((dir) => isNoFolder(known, dir));
  const force = replacesFolders(known, publicPaths);
  if (force) await refuseUnknownIn(known, publicPaths, options.signal);
  await removeFrom(known, inTheWay, options.signal);
  const together = publicPaths.some((publicPath) => known.files.has(publicPath));
  await known.host.push(folder, publicPaths, { ...options, together, force });
  forgetReplaced(known, publicPaths, folders.keys());
  for (const [publicPath, file] of files) known.files.set(publicPath, file);
}

function replacesFolders({ files }: KnownHost, publicPaths: readonly string[]): boolean {
  const folders = foldersOf(files.keys(), (publicPath) => publicPath);
  return publicPaths.some((each) => folders.has(each) || files.get(each)?.kind === 'directory');
}

/** rsync deletes a folder that gives way to a file with all that is in it, also what no run has put there. */
async function refuseUnknownIn(
  { host, files }: KnownHost,
  publicPaths: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const paths = new Set(publicPaths);
  const unknown = (await host.list(signal))
    .filter(({ kind, publicPath }) => kind !== 'directory' && !files.has(publicPath))
    .map(({ publicPath }) => publicPath)
    .filter((publicPath) =>
      [...foldersOf([publicPath], (each) => each).keys()].some((dir) => paths.has(dir)),
    );
  if (unknown.length === 0) return;
  throw new StaticFilesError(
    'target',
    `'${host.destination}': ${filesText(unknown)} would be replaced by a file in place of their folder, ` +
      'and no run of collectstatic has published them. What is live is unchanged. Move them away, and run again.',
  );
}

function isNoFolder({ files }: KnownHost, dir: string): boolean {
  const there = files.get(dir);
  return there !== undefined && there.kind !== 'directory';
}

/** Folders are no longer empty, or have given way to a file with all that was in them. */
function forgetReplaced(
  { files }: KnownHost,
  publicPaths: readonly string[],
  filled: Iterable<string>,
): void {
  for (const folder of filled) files.delete(folder);
  const before = foldersOf(files.keys(), (publicPath) => publicPath);
  const replaced = new Set(publicPaths.filter((publicPath) => before.has(publicPath)));
  if (replaced.size === 0) return;
  for (const publicPath of [...files.keys()]) if (isInOneOf(publicPath, replaced)) files.delete(publicPath);
}
