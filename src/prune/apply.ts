import { forgetUnused } from '../cache/unused-files.js';
import { StaticFilesError } from '../errors.js';
import { releaseNames } from '../manifest/release.js';
import { callStorage } from '../pipeline/destination.js';
import type { Locked } from '../pipeline/lock-destination.js';
import type { Run } from '../pipeline/run.js';
import { runAfterPublish } from '../pipeline/run-after-publish.js';
import { type ManifestStorage, manifestStorage } from '../pipeline/stored-manifest.js';
import { readReleases } from '../releases/read.js';
import type { ChangedFile, Storage } from '../storages/storage.js';
import { nameList } from '../text/name-list.js';
import type { PrunePlan } from './rules.js';

/**
 * Deletes what a plan says. Manifests go first, so that none names a file that is gone. Details go last, since they name
 * the files to delete: if this run is killed, the next one goes on with them.
 *
 * @returns what was deleted; a file that was replaced since the plan was made stays
 * @throws StaticFilesError `target` if the storage could not lock out another run, and that run needs a deleted file
 */
export async function applyPrune(
  plan: PrunePlan,
  run: Locked<Pick<Run, 'settings' | 'record' | 'signal'>>,
): Promise<PrunePlan> {
  const { settings, record, signal, locks } = run;
  const manifests = manifestStorage(settings, signal);
  const { storage, name } = manifests;
  const ids = plan.releases.filter(({ fate }) => fate !== 'kept').map(({ id }) => id);
  const names = ids.map((id) => releaseNames(id, name));
  const manifestPaths = names.map(({ manifest }) => manifest);
  const detailsPaths = names.flatMap(({ note, details }) => [note, details]);
  const filePaths = plan.files.map(({ publicPath }) => publicPath);
  await remove(storage, manifestPaths, ids, signal);
  const files = await remove(settings.storage, filePaths, ids, signal);
  await remove(storage, detailsPaths, ids, signal);
  const applied = withRemoved(plan, new Set(files));
  // A file that has other bytes now is not one that a run has left.
  const others = applied.spared.filter(({ reason }) => reason === 'other bytes');
  const gone = new Set([...files, ...others.map(({ publicPath }) => publicPath)]);
  forgetUnused(record, (publicPath) => gone.has(publicPath));
  const together = storage === settings.storage;
  const changed = (together ? [...manifestPaths, ...files, ...detailsPaths] : files).map(toChanged);
  await commit(settings.storage, changed, signal);
  if (!together) await commit(storage, [...manifestPaths, ...detailsPaths].map(toChanged), signal);
  await runAfterPublish(settings, changed, signal);
  if ([...locks.values()].includes(false)) await refuseMissing(manifests, new Set(files));
  return applied;
}

/** Returns the paths that were removed. */
async function remove(
  storage: Storage,
  publicPaths: readonly string[],
  going: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const removed: string[] = [];
  if (publicPaths.length === 0) return removed;
  signal.throwIfAborted();
  const done = ({ publicPath }: { readonly publicPath: string }) => removed.push(publicPath);
  await callStorage(storage, signal, () => storage.remove(publicPaths, { done, going, signal }));
  return removed;
}

/** The plan as it was applied: files that the storage did not remove are spared. */
function withRemoved(plan: PrunePlan, removed: ReadonlySet<string>): PrunePlan {
  const left = plan.files.filter(({ publicPath }) => !removed.has(publicPath));
  const spared = left.map(({ publicPath }) => ({ publicPath, reason: 'other bytes' }) as const);
  return {
    ...plan,
    files: plan.files.filter(({ publicPath }) => removed.has(publicPath)),
    spared: [...plan.spared, ...spared],
  };
}

async function commit(storage: Storage, changed: readonly ChangedFile[], signal: AbortSignal): Promise<void> {
  if (changed.length > 0) await callStorage(storage, signal, () => storage.commit?.({ changed, signal }));
}

function toChanged(publicPath: string): ChangedFile {
  return { publicPath, immutable: false };
}

/** A run that could not be locked out may have published, and need a file that is gone. */
async function refuseMissing(manifests: ManifestStorage, removed: ReadonlySet<string>): Promise<void> {
  const { active, releases } = await readReleases(manifests, { forDeletion: true });
  const needed = [...releases, ...(active ? [active] : [])].flatMap(({ files }) => [...files.keys()]);
  const missing = [...new Set(needed)].filter((publicPath) => removed.has(publicPath));
  if (missing.length === 0) return;
  throw new StaticFilesError(
    'target',
    `Another run has published at the same time, and needs files that were deleted: ${nameList(missing)}. Collect its release again.`,
  );
}
