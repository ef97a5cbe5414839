import { forgetUnused } from '../cache/unused-files.js';
import { StaticFilesError } from '../errors.js';
import { releaseNames } from '../manifest/release.js';
import type { Held } from '../pipeline/destination.js';
import type { Run } from '../pipeline/run.js';
import { runAfterPublish } from '../pipeline/run-after-publish.js';
import { type ManifestPlace, manifestPlace } from '../pipeline/stored-manifest.js';
import { runPlugin } from '../plugins/plugin.js';
import { readReleases } from '../releases/read.js';
import type { ChangedFile, Storage } from '../storages/storage.js';
import { nameList } from '../text/name-list.js';
import type { PrunePlan } from './rules.js';

/**
 * Deletes what a plan says: manifests first, so that none names a file that is gone; the details, which tell what there
 * is to delete, only after the files. So where this is killed, the next run goes on with it.
 *
 * @returns what was deleted: a file that somebody has replaced since the plan was made is left alone
 * @throws StaticFilesError `target` if another run has published what needs a file that is gone, where the storage could not
 *   keep it out
 */
export async function applyPrune(
  plan: PrunePlan,
  run: Held<Pick<Run, 'settings' | 'record' | 'signal'>>,
): Promise<PrunePlan> {
  const { settings, record, signal, holds } = run;
  const place = manifestPlace(settings, signal);
  const { storage, name } = place;
  const ids = plan.releases.filter(({ fate }) => fate !== 'kept').map(({ id }) => id);
  const going = ids.map((id) => releaseNames(id, name));
  const manifests = going.map(({ manifest }) => manifest);
  const rest = going.flatMap(({ note, details }) => [note, details]);
  await remove(storage, manifests, ids, signal);
  const files = await remove(
    settings.storage,
    plan.files.map(({ publicPath }) => publicPath),
    ids,
    signal,
  );
  await remove(storage, rest, ids, signal);
  const applied = withSpared(plan, new Set(files));
  // What has other bytes now is somebody else's.
  const others = applied.spared.filter(({ reason }) => reason === 'other bytes');
  const gone = new Set([...files, ...others.map(({ publicPath }) => publicPath)]);
  forgetUnused(record, (publicPath) => gone.has(publicPath));
  const together = storage === settings.storage;
  const changed = (together ? [...manifests, ...files, ...rest] : files).map(toChanged);
  await commit(settings.storage, changed, signal);
  if (!together) await commit(storage, [...manifests, ...rest].map(toChanged), signal);
  await runAfterPublish(settings, changed, signal);
  if ([...holds.values()].includes(false)) await refuseMissing(place, new Set(files));
  return applied;
}

/** The paths that were removed. */
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
  await runPlugin(
    `storage '${storage.name}'`,
    () => storage.remove(publicPaths, { done, going, signal }),
    signal,
  );
  return removed;
}

function withSpared(plan: PrunePlan, removed: ReadonlySet<string>): PrunePlan {
  const left = plan.files.filter(({ publicPath }) => !removed.has(publicPath));
  const spared = left.map(({ publicPath }) => ({ publicPath, reason: 'other bytes' }) as const);
  return {
    ...plan,
    files: plan.files.filter(({ publicPath }) => removed.has(publicPath)),
    spared: [...plan.spared, ...spared],
  };
}

/** Where another run may have published all the while, what it needs may be gone. */
async function refuseMissing(place: ManifestPlace, removed: ReadonlySet<string>): Promise<void> {
  const { active, releases } = await readReleases(place, { forDeletion: true });
  const needed = [...releases, ...(active ? [active] : [])].flatMap(({ files }) => [...files.keys()]);
  const missing = [...new Set(needed)].filter((publicPath) => removed.has(publicPath));
  if (missing.length === 0) return;
  throw new StaticFilesError(
    'target',
    `Another run has published at the same time, and needs what was deleted: ${nameList(missing)}. Collect that release again.`,
  );
}

async function commit(storage: Storage, changed: readonly ChangedFile[], signal: AbortSignal): Promise<void> {
  if (changed.length > 0)
    await runPlugin(`storage '${storage.name}'`, () => storage.commit?.({ changed, signal }), signal);
}

function toChanged(publicPath: string): ChangedFile {
  return { publicPath, immutable: false };
}
