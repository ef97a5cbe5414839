import { isImmutable, isManifest } from './output.js';
import type { Plan, PlanEntry } from './plan.js';
import { runPlugin } from './plugin-errors.js';
import { assertPublishable } from './publishable.js';
import type { ChangedFile, Storage, WriteRequest, Written } from './storages/storage.js';

export interface PublishOptions {
  /** Called for each file that stands under its name. */
  done(written: Written): void;
  /** Called with the number of files that are on their way, of all that are to be written. */
  progress(files: number, total: number, bytes: number | undefined): void;
  /** All that the run publishes, where it is one of collectstatic. */
  published?(): ReadonlySet<string>;
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
 * file comes never before it, and nothing goes away that was live a moment ago.
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
  const phases = [...filePhases(files), ...manifestPhases(files), ...manifestPhases(manifest)];
  await write(phases, hasManifest(files) || hasManifest(manifest), options);
  await removeOld(files, options);
  await finalize(files, options);
  if (manifest) await finalize(manifest, { signal: options.signal });
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
  return [
    { storage, entries: writes.filter(({ replaces }) => !replaces) },
    { storage, entries: writes.filter(({ replaces }) => replaces) },
  ];
}

/** One file each: the manifest itself comes after all else. */
function manifestPhases(publication: Publication | undefined): readonly Phase[] {
  if (publication === undefined) return [];
  const { plan, storage } = publication;
  const writes = plan.filter((entry) => isWrite(entry) && isManifest(entry.output));
  return writes.map((entry) => ({ storage, entries: [entry] }));
}

async function removeOld({ plan, storage }: Publication, { done, signal }: PublishOptions): Promise<void> {
  const deletions = plan.filter(isDeletedLast).map(({ publicPath }) => publicPath);
  await attempt(storage, signal, () => storage.remove(deletions, { done, signal }));
}

async function finalize(
  { plan, storage }: Publication,
  { signal, published }: Pick<PublishOptions, 'signal' | 'published'>,
): Promise<void> {
  await attempt(storage, signal, () => storage.finalize?.(changesOf(plan), signal, published?.()));
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

/** Of what is deleted nobody knows whether its name tells its content. */
function toChanged({ publicPath, output }: PlanEntry): ChangedFile {
  return { publicPath, immutable: output !== undefined && isImmutable(output) };
}

function isWrite({ action }: PlanEntry): boolean {
  return action === 'copy' || action === 'link';
}

/** What is in the way was removed by the storage right before its replacement. */
function isDeletedLast({ action, reason }: PlanEntry): boolean {
  return action === 'delete' && reason !== 'in the way';
}

function isChange({ action }: PlanEntry): boolean {
  return action !== 'keep';
}
