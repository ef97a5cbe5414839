import { foldersOf, isInOneOf } from '../../paths.js';
import type { PushOptions } from './host.js';
import type { KnownHost } from './known-host.js';
import type { Phase } from './phase.js';
import { removeFrom } from './remove.js';

/** Sends the files of a phase to a host, and notes that they are there. */
export async function sendTo(
  known: KnownHost,
  { folder, files }: Phase,
  options: Omit<PushOptions, 'together'>,
): Promise<void> {
  const publicPaths = [...files.keys()];
  const folders = foldersOf(publicPaths, (publicPath) => publicPath);
  const inTheWay = [...folders.keys()].filter((dir) => isNoFolder(known, dir));
  await removeFrom(known, inTheWay, options.signal);
  const together = publicPaths.some((publicPath) => known.files.has(publicPath));
  await known.host.push(folder, publicPaths, { ...options, together });
  forgetReplaced(known, publicPaths, folders.keys());
  for (const [publicPath, file] of files) known.files.set(publicPath, file);
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
