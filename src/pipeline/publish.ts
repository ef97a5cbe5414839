import { isImmutable, isManifest, type Output } from '../model/output.js';
import { assertPublishable } from '../model/public-path.js';
import type { ChangedFile, Storage, WriteRequest, Written } from '../storages/storage.js';
import { callStorage } from './destination.js';
import {
  isDeletedFirst,
  isDeletedLast,
  isStep,
  type Plan,
  type PlanEntry,
  type Publication,
} from './plan.js';

export interface PublishOptions {
  /** Called for each file when it is written or deleted. */
  done(written: Written): void;
  /** Called with the number of files that are being written, of all to write, and their bytes if the storage counts. */
  progress(files: number, total: number, bytes: number | undefined): void;
  /** All that the run publishes to the storage of the files; `undefined` if it is not a run of collectstatic. */
  readonly published?: readonly Output[];
  /** All that it publishes to the storage of the manifest, if that is another one. */
  readonly publishedManifest?: readonly Output[];
  /** The ids of the releases that the plan deletes, and the paths of their manifests. */
  readonly deletedReleases?: ReadonlyMap<string, string>;
  /** Whether other runs follow, as with `--watch`. */
  readonly watching?: boolean;
  readonly signal: AbortSignal;
}

/**
 * Applies plans, phase by phase: new files, files that replace others, the manifest, deletions. So a reference never
 * comes before its file, and no file goes that a page still needs. Stale variants are the exception: they go first, since
 * a server would send them for the file beside them, which is about to have other bytes.
 *
 * @param manifest if the manifest goes to another storage
 */
export async function publish(
  files: Publication,
  manifest: Publication | undefined,
  options: PublishOptions,
): Promise<void> {
  const hadManifest = replacesManifest(files) || replacesManifest(manifest);
  const steps = stepsOf(files);
  const manifestSteps = manifest && stepsOf(manifest);
  refusePathsOutside(steps);
  if (manifestSteps) refusePathsOutside(manifestSteps);
  await remove(steps, isDeletedFirst, options);
  if (manifestSteps) await remove(manifestSteps, isDeletedFirst, options);
  const phases = [...filePhases(steps), ...manifestPhases(steps), ...manifestPhases(manifestSteps)];
  await write(phases, hadManifest, options);
  await remove(steps, isDeletedLast, options);
  await commit(steps, options.published, options.signal);
  if (manifestSteps) await commit(manifestSteps, options.publishedManifest, options.signal);
}

/** What a publication changes. Most runs change little, and the steps that follow look at all entries many times. */
function stepsOf({ plan, storage }: Publication): Publication {
  return { plan: plan.filter(isStep), storage };
}

/** Before the first write: a custom storage may not check its paths itself. */
function refusePathsOutside({ plan, storage }: Publication): void {
  for (const { publicPath } of plan) assertPublishable(publicPath, storage.name);
}

/** Files that are written together, in any order. */
interface Phase {
  readonly storage: Storage;
  readonly entries: readonly PlanEntry[];
}

function filePhases({ plan, storage }: Publication): readonly Phase[] {
  const writes = plan.filter((entry) => isWrite(entry) && !isManifest(entry.output));
  const replaced = new Set(writes.filter(({ replaces }) => replaces).map(({ publicPath }) => publicPath));
  // A new variant waits for the file that it belongs to: until then it would have other bytes.
  const isLate = ({ publicPath, output }: PlanEntry) =>
    replaced.has(publicPath) || replaced.has(output?.variantOf ?? publicPath);
  return [
    { storage, entries: writes.filter((entry) => !isLate(entry)) },
    { storage, entries: withVariants(writes.filter(isLate)) },
  ];
}

/** Each file right before its variants, to keep short the time in which they have different bytes. */
function withVariants(entries: readonly PlanEntry[]): readonly PlanEntry[] {
  const files = new Map<string, PlanEntry[]>();
  for (const entry of entries) {
    const file = entry.output?.variantOf ?? entry.publicPath;
    const others = files.get(file);
    if (others === undefined) files.set(file, [entry]);
    else others.push(entry);
  }
  return [...files.values()].flat();
}

/** One file a phase: the manifest itself comes after everything that it needs. */
function manifestPhases(publication: Publication | undefined): readonly Phase[] {
  if (publication === undefined) return [];
  const { plan, storage } = publication;
  const writes = plan.filter((entry) => isWrite(entry) && isManifest(entry.output));
  return writes.map((entry) => ({ storage, entries: [entry] }));
}

function isWrite({ action }: PlanEntry): boolean {
  return action === 'copy' || action === 'link';
}

/** Whether there is a manifest now, so that servers may be using it. */
function replacesManifest(publication: Publication | undefined): boolean {
  return publication?.plan.some(({ output, replaces }) => replaces && isManifest(output)) ?? false;
}

async function write(
  phases: readonly Phase[],
  replacesManifest: boolean,
  { done, progress, watching = false, signal }: PublishOptions,
): Promise<void> {
  const total = phases.reduce((sum, { entries }) => sum + entries.length, 0);
  let before = 0;
  let sent = 0;
  for (const { storage, entries } of phases) {
    const offset = before;
    let latest = 0;
    await callStorage(storage, signal, () =>
      storage.write(entries.map(toRequest), {
        done,
        progress(files, bytes) {
          progress(offset + files, total, bytes === undefined ? undefined : sent + bytes);
          latest = bytes ?? 0;
        },
        replacesManifest: replacesManifest && !watching,
        signal,
      }),
    );
    before += entries.length;
    sent += latest;
  }
}

function toRequest({ publicPath, action, reason, output }: PlanEntry): WriteRequest {
  if (output === undefined) throw new TypeError(`The plan has nothing to write at '${publicPath}'.`);
  const headersOnly = reason === 'headers' && { headersOnly: true };
  return { publicPath, body: output.body, link: action === 'link', output, ...headersOnly };
}

/** Deletes the manifests of releases before the files that they name. */
async function remove(
  { plan, storage }: Publication,
  isDue: (entry: PlanEntry) => boolean,
  { done, signal, deletedReleases = new Map() }: PublishOptions,
): Promise<void> {
  const manifests = new Set(deletedReleases.values());
  const paths = plan.filter(isDue).map(({ publicPath }) => publicPath);
  const steps = [
    paths.filter((publicPath) => manifests.has(publicPath)),
    paths.filter((publicPath) => !manifests.has(publicPath)),
  ];
  const options = { done, signal, going: [...deletedReleases.keys()] };
  for (const step of steps)
    if (step.length > 0) await callStorage(storage, signal, () => storage.remove(step, options));
}

async function commit(
  { plan, storage }: Publication,
  published: readonly Output[] | undefined,
  signal: AbortSignal,
): Promise<void> {
  const changed = changesOf(plan);
  await callStorage(storage, signal, () => storage.commit?.({ changed, published, signal }));
}

/** The files that a plan changes. */
export function changesOf(plan: Plan): readonly ChangedFile[] {
  return plan.filter(isStep).map(toChanged);
}

/**
 * A deleted file counts as mutable, since it is unknown what kind of name it has. So does a file whose bytes or encoding
 * changed under an immutable name: caches may still have the old one.
 */
function toChanged({ publicPath, output, reason }: PlanEntry): ChangedFile {
  return { publicPath, immutable: output !== undefined && isImmutable(output) && reason !== 'changed' };
}
