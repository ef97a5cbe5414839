import { tellFinalizer } from '../after-publishing.js';
import { runPlugin } from '../plugin-errors.js';
import { releaseNames } from '../release.js';
import { manifestPlace } from '../releases/stored-releases.js';
import type { Run } from '../run.js';
import type { ChangedFile, Storage } from '../storages/storage.js';
import { forgetLeftBehind } from './left-behind.js';
import type { PrunePlan } from './pruning.js';

/**
 * Deletes what a plan says: manifests first, so that none names a file that is gone; the details, which tell what there
 * is to delete, only after the files. So where this is killed, the next run goes on with it.
 */
export async function applyPrune(
  plan: PrunePlan,
  { settings, record, signal }: Pick<Run, 'settings' | 'record' | 'signal'>,
): Promise<void> {
  const { storage, name } = manifestPlace(settings, signal);
  const going = plan.releases.filter(({ fate }) => fate !== 'kept').map(({ id }) => releaseNames(id, name));
  const files = plan.files.map(({ publicPath }) => publicPath);
  const manifests = going.map(({ manifest }) => manifest);
  const rest = going.flatMap(({ note, details }) => [note, details]);
  await remove(storage, manifests, signal);
  await remove(settings.storage, files, signal);
  await remove(storage, rest, signal);
  // What has other bytes now is somebody else's.
  const others = plan.spared.filter(({ reason }) => reason === 'other bytes');
  const gone = new Set([...files, ...others.map(({ publicPath }) => publicPath)]);
  forgetLeftBehind(record, (publicPath) => gone.has(publicPath));
  const together = storage === settings.storage;
  const changed = (together ? [...manifests, ...files, ...rest] : files).map(toChanged);
  await finalize(settings.storage, changed, signal);
  if (!together) await finalize(storage, [...manifests, ...rest].map(toChanged), signal);
  await tellFinalizer(settings, changed, signal);
}

async function remove(storage: Storage, publicPaths: readonly string[], signal: AbortSignal): Promise<void> {
  if (publicPaths.length === 0) return;
  signal.throwIfAborted();
  await runPlugin(
    `storage '${storage.name}'`,
    () => storage.remove(publicPaths, { done() {}, signal }),
    signal,
  );
}

async function finalize(
  storage: Storage,
  changed: readonly ChangedFile[],
  signal: AbortSignal,
): Promise<void> {
  if (changed.length > 0)
    await runPlugin(`storage '${storage.name}'`, () => storage.finalize?.(changed, signal), signal);
}

function toChanged(publicPath: string): ChangedFile {
  return { publicPath, immutable: false };
}
