import { manifestPlace, type ReleaseContents } from '../pipeline/stored-manifest.js';
import type { Settings } from '../settings/settings.js';
import { sortedByCodePoint } from '../text/code-points.js';
import { type ReleaseOptions, releaseOf } from './list.js';
import { readReleases } from './read.js';

/** A file that differs between two releases. */
export interface ReleaseChange {
  readonly logicalPath: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Its public path in the first release, where it has one; and in the second. */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

export interface ReleaseDiff {
  /** By logical path, in code-point order. */
  readonly changes: readonly ReleaseChange[];
  /** How many files are the same in both. */
  readonly same: number;
}

/**
 * Says which files differ between two releases.
 *
 * @throws StaticFilesError `target` where there is no such release, or a manifest is damaged; `plugin` where the storage fails
 */
export async function diffReleases(
  settings: Settings,
  [from, to]: readonly [from: string, to: string],
  options: ReleaseOptions = {},
): Promise<ReleaseDiff> {
  const { signal = new AbortController().signal } = options;
  const stored = await readReleases(manifestPlace(settings, signal));
  return diff(releaseOf(stored, from), releaseOf(stored, to));
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
  // A fixed name says nothing of the content.
  const same = from === to && a.files.get(from)?.integrity === b.files.get(to)?.integrity;
  return same ? undefined : { logicalPath, change: 'changed', from, to };
}

function pathIn(paths: Readonly<Record<string, string>>, logicalPath: string): string | undefined {
  return Object.hasOwn(paths, logicalPath) ? paths[logicalPath] : undefined;
}
