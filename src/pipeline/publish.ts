import { isImmutable, isManifest, type Output } from '../model/output.js';
import { assertPublishable } from '../model/public-path.js';
import { runPlugin } from '../plugins/plugin.js';
import type { ChangedFile, InventoryOptions, Storage, WriteRequest, Written } from '../storages/storage.js';
import { refuseForeignDeletions } from './clearing.js';
import { inventoryOf } from './destination.js';
import { isDeletedFirst, isDeletedLast, makePlan, type Plan, type PlanEntry } from './plan.js';
import { staleVariants } from './stale-variants.js';
import { noteFollowsManifest, provedByBytes, unchangedProof } from './unchanged.js';

export interface PublishOptions {
  /** Called for each file that stands under its name. */
  done(written: Written): void;
  /** Called with the number of files that are on their way, of all that are to be written. */
  progress(files: number, total: number, bytes: number | undefined): void;
  /** All that the run publishes to the storage of the files, where it is one of collectstatic. */
  readonly published?: readonly Output[];
  /** All that it publishes to the storage of the manifest, where that is another one. */
  readonly publishedManifest?: readonly Output[];
  /** The ids of the releases that the deletions take away, and the paths of their manifests. */
  readonly going?: ReadonlyMap<string, string>;
  /** Whether other runs follow this one, to show a developer what has changed. */
  readonly watching?: boolean;
  readonly signal: AbortSignal;
}

/** A plan, and the storage it is for. */
export interface Publication {
  readonly plan: Plan;
  readonly storage: Storage;
}

/** Files that are written together, in no order. */
interface Phase {
  readonly storage: Storage;
  readonly entries: readonly PlanEntry[];
}

/**
 * Applies plans, phase by phase: new files, files that replace others, the manifest, deletions. So what refers to a
 * file comes never before it, and nothing goes away that was live a moment ago. Only stale variants go before all else:
 * a server would send them for the file beside them, which is about to have other bytes.
 *
 * @param manifest where the manifest goes to another storage
 */
export async function publish(
  files: Publication,
  manifest: Publication | undefined,
  options: PublishOptions,
): Promise<void> {
  refusePathsOutside(files);
  if (manifest) refusePathsOutside(manifest);
  await remove(files, isDeletedFirst, options);
  if (manifest) await remove(manifest, isDeletedFirst, options);
  const phases = [...filePhases(files), ...manifestPhases(files), ...manifestPhases(manifest)];
  await write(phases, hasManifest(files) || hasManifest(manifest), options);
  await remove(files, isDeletedLast, options);
  await commit(files, options.published, options.signal);
  if (manifest) await commit(manifest, options.publishedManifest, options.signal);
}

/** Before the first write: a custom storage may not check its paths itself. */
function refusePathsOutside({ plan, storage }: Publication): void {
  for (const { publicPath } of plan) assertPublishable(publicPath, storage.name);
}

/** Whether there is a manifest by which servers may serve files now. */
function hasManifest(publication: Publication | undefined): boolean {
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
    await attempt(storage, signal, () =>
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

function filePhases({ plan, storage }: Publication): readonly Phase[] {
  const writes = plan.filter((entry) => isWrite(entry) && !isManifest(entry.output));
  const replaced = new Set(writes.filter(({ replaces }) => replaces).map(({ publicPath }) => publicPath));
  // A new variant of a file that is replaced would be of other bytes until then.
  const isLate = ({ publicPath, output }: PlanEntry) =>
    replaced.has(publicPath) || replaced.has(output?.variantOf ?? publicPath);
  return [
    { storage, entries: writes.filter((entry) => !isLate(entry)) },
    { storage, entries: withVariants(writes.filter(isLate)) },
  ];
}

/** Each file right before its variants, so that they are of different bytes for as short as can be. */
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

/** One file each: the manifest itself comes after all else. */
function manifestPhases(publication: Publication | undefined): readonly Phase[] {
  if (publication === undefined) return [];
  const { plan, storage } = publication;
  const writes = plan.filter((entry) => isWrite(entry) && isManifest(entry.output));
  return writes.map((entry) => ({ storage, entries: [entry] }));
}

/** Manifests of releases go before the files that they name. */
async function remove(
  { plan, storage }: Publication,
  isDue: (entry: PlanEntry) => boolean,
  { done, signal, going = new Map() }: PublishOptions,
): Promise<void> {
  const manifests = new Set(going.values());
  const paths = plan.filter(isDue).map(({ publicPath }) => publicPath);
  const steps = [
    paths.filter((publicPath) => manifests.has(publicPath)),
    paths.filter((publicPath) => !manifests.has(publicPath)),
  ];
  const options = { done, signal, going: [...going.keys()] };
  for (const step of steps)
    if (step.length > 0) await attempt(storage, signal, () => storage.remove(step, options));
}

async function commit(
  { plan, storage }: Publication,
  published: readonly Output[] | undefined,
  signal: AbortSignal,
): Promise<void> {
  await attempt(storage, signal, () => storage.commit?.({ changed: changesOf(plan), published, signal }));
}

function attempt(
  storage: Storage,
  signal: AbortSignal,
  call: () => Promise<void> | undefined,
): Promise<void> {
  return runPlugin(`storage '${storage.name}'`, async () => call(), signal);
}

function toRequest({ publicPath, action, reason, output }: PlanEntry): WriteRequest {
  if (output === undefined) throw new TypeError(`The plan has nothing to write at '${publicPath}'.`);
  const headersOnly = reason === 'headers' && { headersOnly: true };
  return { publicPath, body: output.body, link: action === 'link', output, ...headersOnly };
}

/** What applying a plan changes. */
export function changesOf(plan: Plan): readonly ChangedFile[] {
  return plan.filter(isChange).map(toChanged);
}

/**
 * Of what is deleted nobody knows whether its name tells its content. What had other bytes under a name that tells it, or
 * the same in another encoding, may still be kept by somebody as it was.
 */
function toChanged({ publicPath, output, reason }: PlanEntry): ChangedFile {
  return { publicPath, immutable: output !== undefined && isImmutable(output) && reason !== 'changed' };
}

function isWrite({ action }: PlanEntry): boolean {
  return action === 'copy' || action === 'link';
}

function isChange({ action }: PlanEntry): boolean {
  return action !== 'keep';
}

/**
 * Plans outputs by what the storage says alone: no record is kept of them, and nothing else there is touched, since it
 * may not be this project's. Only variants beside what is written are, if they are not of the new bytes.
 */
export async function planAlone(
  storage: Storage,
  outputs: readonly Output[],
  signal: AbortSignal,
  look?: InventoryOptions,
): Promise<Publication> {
  const inventory = await inventoryOf(storage, signal, look);
  const proof = unchangedProof(inventory, provedByBytes(inventory));
  const unchanged = noteFollowsManifest(proof, outputs, inventory);
  const plan = await makePlan(outputs, inventory, { link: false, clear: false, unchanged, signal });
  refuseForeignDeletions({ plan, storage, inventory, isOwn: () => false, clear: false, spared: [] });
  const looking = { isAsLeft: () => true, signal };
  const stale = inventory.quiet ? [] : await staleVariants(plan, inventory, looking); // nothing is deleted then
  return { storage, plan: [...stale, ...plan] };
}
