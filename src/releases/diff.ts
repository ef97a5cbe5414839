import { manifestStorage, type ReleaseContents } from '../pipeline/stored-manifest.js';
import type { Settings } from '../settings/settings.js';
import { sortedByCodePoint } from '../text/code-points.js';
import { type ReleaseOptions, releaseOf } from './list.js';
import { readReleases } from './read.js';

/** A file that differs between two releases. */
export interface ReleaseChange {
  readonly logicalPath: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Public path in the first release; `undefined` if the file is not in it. */
  readonly from: string | undefined;
  /** Public path in the second release; `undefined` if the file is not in it. */
  readonly to: string | undefined;
}

/** Difference between two releases. */
export interface ReleaseDiff {
  /** Sorted by logical path, in code-point order. */
  readonly changes: readonly ReleaseChange[];
  /** Number of files that are the same in both. */
  readonly same: number;
}

/**
 * Returns the files that differ between two releases.
 *
 * @param ids of the releases, the older one first
 * @throws StaticFilesError `target` if there is no such release, or a manifest is damaged; `plugin` if the storage fails
 * @example
 * const { changes } = await diffReleases(settings, ['v41', 'v42']);
 * changes.map(({ logicalPath, change }) => `${logicalPath}: ${change}`);
 */
export async function diffReleases(
  settings: Settings,
  ids: readonly [from: string, to: string],
  options: ReleaseOptions = {},
): Promise<ReleaseDiff> {
  const { signal = new AbortController().signal } = options;
  const stored = await readReleases(manifestStorage(settings, signal));
  return diff(releaseOf(stored, ids[0]), releaseOf(stored, ids[1]));
}

function diff(from: ReleaseContents, to: ReleaseContents): ReleaseDiff {
  const names = sortedByCodePoint(
    new Set([...Object.keys(from.manifest.paths), ...Object.keys(to.manifest.paths)]),
  );
  const changes = names.flatMap((logicalPath) => changeOf(logicalPath, from, to) ?? []);
  return { changes, same: names.length - changes.length };
}

function changeOf(logicalPath: string, a: ReleaseContents, b: ReleaseContents): ReleaseChange | undefined {
  const [from, to] = [a, b].map(({ manifest }) => pathIn(manifest.paths, logicalPath));
  if (from === undefined) return { logicalPath, change: 'added', from, to };
  if (to === undefined) return { logicalPath, change: 'removed', from, to };
  // The same name may have had another content.
  const same = from === to && a.files.get(from)?.integrity === b.files.get(to)?.integrity;
  return same ? undefined : { logicalPath, change: 'changed', from, to };
}

function pathIn(paths: Readonly<Record<string, string>>, logicalPath: string): string | undefined {
  return Object.hasOwn(paths, logicalPath) ? paths[logicalPath] : undefined;
}
