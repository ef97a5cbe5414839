import { isDeepStrictEqual } from 'node:util';
import { unusedFiles } from '../cache/unused-files.js';
import { interruptible } from '../concurrency/abort.js';
import { StaticFilesError } from '../errors.js';
import { detailsNameOf } from '../manifest/manifest.js';
import { readBody } from '../model/body.js';
import type { Output } from '../model/output.js';
import type { Warning } from '../model/static-file.js';
import { type Held, inventoryOf } from '../pipeline/destination.js';
import { type Run, saveRecord } from '../pipeline/run.js';
import {
  manifestPlace,
  type ReleaseContents,
  readContents,
  type StoredText,
} from '../pipeline/stored-manifest.js';
import { byTime, readReleases, type StoredReleases } from '../releases/read.js';
import { applyPrune } from './apply.js';
import { planPrune } from './plan.js';
import { type Pruned, type PruneLimits, type PrunePlan, prunedBy, refuseTooMany } from './rules.js';

/** What a run is to prune. */
interface PruneInRun {
  readonly limits: PruneLimits;
  /** Called with what is pruned, after everything was published and before it is deleted. */
  readonly onPlan: ((plan: PrunePlan) => void) | undefined;
}

/**
 * Makes sure that what a run is going to prune keeps to the limit, before it publishes anything.
 *
 * @returns what plans again when all is published, and deletes; in a dry run it only says what would be
 * @throws StaticFilesError `target` if too much would be deleted; `usage` if the run makes no manifest
 */
export async function planPruneInRun(
  run: Held<Run>,
  outputs: readonly Output[],
  options: PruneInRun,
): Promise<() => Promise<Pruned>> {
  const { limits } = options;
  const plan = await planPruneAfter(run, outputs, limits);
  if (run.options.dryRun) return async () => told(plan, options);
  refuseTooMany(plan, limits);
  return () => prune(run, outputs, options);
}

function told(plan: PrunePlan, { limits, onPlan }: PruneInRun): Pruned {
  onPlan?.(plan);
  return prunedBy(plan, limits);
}

/** The plan from before does not count: by now another manifest is live, and others may be there. */
async function prune(
  run: Held<Run>,
  outputs: readonly Output[],
  { limits, onPlan }: PruneInRun,
): Promise<Pruned> {
  const plan = await planPruneAfter(run, outputs, limits);
  refuseTooMany(plan, limits);
  onPlan?.(plan);
  if (plan.quietUntil) run.warn(nothingPruned(plan.quietUntil));
  const applied = await interruptible(run.signal, () => applyPrune(plan, run));
  saveRecord(run);
  return prunedBy(applied, limits);
}

function nothingPruned(until: Date): Warning {
  const message = `Nothing was pruned: a run was given up here that may still wake up. Prune after ${until.toISOString()}.`;
  return { code: 'nothing-pruned', message };
}

/**
 * Plans what is pruned when these outputs are published, whether they are already or not.
 *
 * @throws StaticFilesError `usage` where the run makes no manifest; `target` where a manifest is damaged
 */
async function planPruneAfter(
  { settings, options, record, signal }: Run,
  outputs: readonly Output[],
  limits: PruneLimits,
): Promise<PrunePlan> {
  const place = manifestPlace(settings, signal);
  const active = contentsOf(outputs, place.name);
  if (active === undefined) throw noManifest();
  const look = { forDeletion: true, ...(options.index === false && { index: false }) };
  const stored = withPublished(await readReleases(place, look), active, new Date());
  const inventory = await inventoryOf(settings.storage, signal, look);
  return planPrune(stored, inventory, {
    rules: limits,
    now: new Date(),
    leftBehind: unusedFiles(record),
    signal,
  });
}

function contentsOf(outputs: readonly Output[], manifestName: string): ReleaseContents | undefined {
  const manifest = textOf(outputs, manifestName);
  return manifest && readContents(manifest, textOf(outputs, detailsNameOf(manifestName)));
}

function textOf(outputs: readonly Output[], publicPath: string): StoredText | undefined {
  const output = outputs.find((each) => each.role === 'manifest' && each.publicPath === publicPath);
  return output && { text: Buffer.from(readBody(output.body)).toString(), where: publicPath };
}

/** What is stored when the run is over. */
function withPublished(stored: StoredReleases, active: ReleaseContents, now: Date): StoredReleases {
  const id = active.manifest.release;
  if (id === undefined) return { ...stored, active };
  const before = stored.releases.find((release) => release.id === id);
  const published = before && hasSameFiles(before, active) ? before.published : now;
  const others = stored.releases.filter((release) => release.id !== id);
  return {
    active,
    releases: [...others, { ...active, id, published }].sort(byTime),
    removed: stored.removed.filter((release) => release.id !== id),
  };
}

/** Then its manifest is not written again, and keeps its time. */
function hasSameFiles(a: ReleaseContents, b: ReleaseContents): boolean {
  if (a.manifest.hash !== b.manifest.hash || a.files.size !== b.files.size) return false;
  return [...a.files].every(([publicPath, file]) => isDeepStrictEqual(b.files.get(publicPath), file));
}

function noManifest(): StaticFilesError {
  return new StaticFilesError(
    'usage',
    'Without a manifest, nothing says which files are live, so nothing can be pruned. ' +
      "Collect with the processor 'fingerprint', or with a release, or leave --prune out.",
  );
}
