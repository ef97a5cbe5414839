import { StaticFilesError } from '../errors.js';
import type { Warning } from '../model/static-file.js';
import { manifestPlace, type ReleaseFile, storedBy } from '../pipeline/stored-manifest.js';
import type { Settings } from '../settings/settings.js';
import { sortedByCodePoint } from '../text/code-points.js';
import { nearestNames } from '../text/suggest.js';
import { readReleases, type StoredRelease, type StoredReleases } from './read.js';

/** How many files, variants included, and how large they are together, as they are stored. */
export interface FileAmount {
  readonly files: number;
  /** Bytes. */
  readonly size: number;
}

/** What a release holds. */
export interface ReleaseSummary extends FileAmount {
  readonly id: string;
  /** When its manifest was last written; `undefined` where nobody noted it. */
  readonly published: Date | undefined;
  /** Whether it is the one that is read where no release is named. */
  readonly active: boolean;
  /** What no other manifest names: what would go if this release went. */
  readonly only: FileAmount;
}

export interface ReleaseList {
  /** The one that is read where no release is named; `undefined` where that manifest is of none, or there is none. */
  readonly active: string | undefined;
  /** The last one published first. */
  readonly releases: readonly ReleaseSummary[];
}

/** A file of a release. */
export interface ListedReleaseFile {
  readonly publicPath: string;
  /** Bytes that are stored; `undefined` where the details do not tell. */
  readonly size: number | undefined;
  /** Whether no other manifest names it. */
  readonly only: boolean;
}

export interface ReleaseDetails extends ReleaseSummary {
  /** By public path, in code-point order. */
  readonly contents: readonly ListedReleaseFile[];
}

export interface ReleaseOptions {
  readonly signal?: AbortSignal;
  /** Called with a warning as soon as it is known, such as that another run is waited for. */
  onWarning?(warning: Warning): void;
}

/**
 * Lists the releases that stand in the storage.
 *
 * @throws StaticFilesError `target` where a manifest is damaged; `plugin` where the storage fails
 * @example
 * const { releases } = await listReleases(settings);
 * releases.map(({ id, only }) => `${id}: ${only.size} bytes of its own`);
 */
export async function listReleases(settings: Settings, options: ReleaseOptions = {}): Promise<ReleaseList> {
  const stored = await read(settings, options);
  return { active: stored.active?.manifest.release, releases: [...summariesOf(stored).values()] };
}

/**
 * Lists the files of a release.
 *
 * @throws StaticFilesError as {@link listReleases}, and `target` where there is no such release
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
  return readReleases(manifestPlace(settings, signal));
}

/**
 * The release of that id.
 *
 * @throws StaticFilesError `target` where there is none
 */
export function releaseOf({ releases }: StoredReleases, id: string): StoredRelease {
  const found = releases.find((release) => release.id === id);
  if (found !== undefined) return found;
  const ids = releases.map((release) => release.id);
  const near = nearestNames(id, ids).map((each) => `'${each}'`);
  const hint = near.length > 0 ? ` Did you mean ${near.join(', ')}?` : '';
  throw new StaticFilesError(
    'target',
    `There is no release '${id}'.${hint} 'staticfiles releases list' shows those that there are.`,
  );
}

/** By id, in their order. */
export function summariesOf(stored: StoredReleases): ReadonlyMap<string, ReleaseSummary> {
  const uses = countUses(stored);
  return new Map(stored.releases.map((release) => [release.id, summaryOf(release, stored, uses)]));
}

/** By how many releases each file is named. The active one counts once, and also where it is none of them. */
function countUses({ active, releases }: StoredReleases): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  const isOwn = active !== undefined && !releases.some(({ id }) => id === active.manifest.release);
  for (const { files } of isOwn ? [...releases, active] : releases) {
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
