import { StaticFilesError } from '../errors.js';
import type { Warning } from '../model/static-file.js';
import { manifestStorage, type ReleaseFile, storedBy } from '../pipeline/stored-manifest.js';
import type { Settings } from '../settings/settings.js';
import { sortedByCodePoint } from '../text/code-points.js';
import { nearestNames } from '../text/suggest.js';
import { readReleases, type StoredRelease, type StoredReleases } from './read.js';

/** A number of files, variants included, and the size that they have in the storage. */
export interface FileAmount {
  readonly files: number;
  /** Bytes. */
  readonly size: number;
}

/** A release in a list of releases. */
export interface ReleaseSummary extends FileAmount {
  readonly id: string;
  /** When its manifest was last written; `undefined` if its `release.json` is missing. */
  readonly published: Date | undefined;
  /** Whether applications read it unless they name another release. */
  readonly active: boolean;
  /** The files that no other manifest names: pruning the release deletes them. */
  readonly only: FileAmount;
}

/** The releases in a storage. */
export interface ReleaseList {
  /** Id of the active release; `undefined` if the active manifest is of no release, or there is none. */
  readonly active: string | undefined;
  /** The last published one first. */
  readonly releases: readonly ReleaseSummary[];
}

/** A file of a release. */
export interface ListedReleaseFile {
  readonly publicPath: string;
  /** Stored bytes; `undefined` if the details do not say. */
  readonly size: number | undefined;
  /** Whether no other manifest names it. */
  readonly only: boolean;
}

/** A release with its files. */
export interface ReleaseDetails extends ReleaseSummary {
  /** Sorted by public path, in code-point order. */
  readonly contents: readonly ListedReleaseFile[];
}

/** Options of calls that read or change releases. */
export interface ReleaseOptions {
  /** Aborting it stops the call, which then rejects. */
  readonly signal?: AbortSignal;
  /** Called at once with a warning, such as that the call waits for another run. */
  onWarning?(warning: Warning): void;
}

/**
 * Lists the releases in the storage.
 *
 * @throws StaticFilesError `target` if a manifest is damaged; `plugin` if the storage fails
 * @example
 * const { releases } = await listReleases(settings);
 * releases.map(({ id, only }) => `${id}: ${only.size} bytes that no other release needs`);
 */
export async function listReleases(settings: Settings, options: ReleaseOptions = {}): Promise<ReleaseList> {
  const stored = await read(settings, options);
  return { active: stored.active?.manifest.release, releases: [...summariesOf(stored).values()] };
}

/**
 * Lists the files of a release.
 *
 * @throws StaticFilesError `target` if there is no such release, or a manifest is damaged; `plugin` if the storage fails
 * @example
 * const { contents } = await showRelease(settings, 'v42');
 * contents.filter(({ only }) => only).map(({ publicPath }) => publicPath);
 */
export async function showRelease(
  settings: Settings,
  id: string,
  options: ReleaseOptions = {},
): Promise<ReleaseDetails> {
  const stored = await read(settings, options);
  const release = releaseOf(stored, id);
  const uses = countUses(stored);
  const contents = sortedByCodePoint(release.files.keys()).map((publicPath) => ({
    publicPath,
    size: storedBy(release.files.get(publicPath)!).size,
    only: uses.get(publicPath) === 1,
  }));
  return { ...summaryOf(release, stored, uses), contents };
}

async function read(
  settings: Settings,
  { signal = new AbortController().signal }: ReleaseOptions,
): Promise<StoredReleases> {
  return readReleases(manifestStorage(settings, signal));
}

/**
 * Returns the release with an id.
 *
 * @throws StaticFilesError `target` if there is none
 */
export function releaseOf({ releases }: StoredReleases, id: string): StoredRelease {
  const found = releases.find((release) => release.id === id);
  if (found !== undefined) return found;
  const ids = releases.map((release) => release.id);
  const near = nearestNames(id, ids).map((each) => `'${each}'`);
  const hint = near.length > 0 ? ` Did you mean ${near.join(', ')}?` : '';
  throw new StaticFilesError(
    'target',
    `There is no release '${id}'. Run 'staticfiles releases list' to see the releases.${hint}`,
  );
}

/** Summaries of the releases, by id, in the order of the releases. */
export function summariesOf(stored: StoredReleases): ReadonlyMap<string, ReleaseSummary> {
  const uses = countUses(stored);
  return new Map(stored.releases.map((release) => [release.id, summaryOf(release, stored, uses)]));
}

/** How many manifests name each file. The active manifest counts only if it is of none of the releases. */
function countUses({ active, releases }: StoredReleases): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  const isExtra = active !== undefined && !releases.some(({ id }) => id === active.manifest.release);
  for (const { files } of isExtra ? [...releases, active] : releases) {
    for (const publicPath of files.keys()) uses.set(publicPath, (uses.get(publicPath) ?? 0) + 1);
  }
  return uses;
}

function summaryOf(
  { id, published, files }: StoredRelease,
  { active }: StoredReleases,
  uses: ReadonlyMap<string, number>,
): ReleaseSummary {
  const only = [...files].filter(([publicPath]) => uses.get(publicPath) === 1).map(([, file]) => file);
  return {
    ...{ id, published, active: active?.manifest.release === id },
    ...amountOf([...files.values()]),
    only: amountOf(only),
  };
}

function amountOf(files: readonly ReleaseFile[]): FileAmount {
  return { files: files.length, size: files.reduce((sum, file) => sum + (storedBy(file).size ?? 0), 0) };
}
