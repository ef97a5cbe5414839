import { isDeepStrictEqual } from 'node:util';
import { interruptible } from '../concurrency/abort.js';
import { StaticFilesError } from '../errors.js';
import { detailsNameOf } from '../manifest/manifest.js';
import { readBody } from '../model/body.js';
import type { Output } from '../model/output.js';
import type { Warning } from '../model/static-file.js';
import type { Locked } from '../pipeline/lock-destination.js';
import { type Run, saveRecord } from '../pipeline/run.js';
import {
  manifestStorage,
  parseContents,
  type ReleaseContents,
  type StoredText,
} from '../pipeline/stored-manifest.js';
import { byTime, readReleases, type StoredReleases } from '../releases/read.js';
import { applyPrune } from './apply.js';
import { planPrune } from './plan.js';
import { type Pruned, type PruneLimits, type PrunePlan, prunedBy, refuseTooMany } from './rules.js';

/** How a run of collectstatic prunes. */
interface PruneInRun {
  readonly limits: PruneLimits;
  /** Called with the plan, after everything is published and before anything is pruned. */
  readonly onPlan: ((plan: PrunePlan) => void) | undefined;
}

/**
 * Plans what a run will prune, before it publishes, so that a plan that exceeds the limit fails the run while nothing has
 * changed.
 *
 * @returns a function that plans again when everything is published, and deletes; in a dry run it only returns the plan
 * @throws StaticFilesError `target` if too many files would be deleted; `usage` if the run makes no manifest
 */
export async function planPruneInRun(
  run: Locked<Run>,
  outputs: readonly Output[],
  options: PruneInRun,
): Promise<() => Promise<Pruned>> {
  const { limits, onPlan } = options;
  const plan = await planPruneAfter(run, outputs, limits);
  if (run.options.dryRun) {
    return async () => {
      onPlan?.(plan);
      return prunedBy(plan, limits);
    };
  }
  refuseTooMany(plan, limits);
  return () => prune(run, outputs, options);
}

/** Plans again: another manifest is live now, and there may be others. */
async function prune(
  run: Locked<Run>,
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
  const message = `Nothing was pruned: a run stopped responding here and may still wake up. Prune after ${until.toISOString()}.`;
  return { code: 'nothing-pruned', message };
}

/**
 * Plans what to prune once these outputs are published.
 *
 * @throws StaticFilesError `usage` if the run makes no manifest; `target` if a stored manifest is damaged
 */
async function planPruneAfter(
  { settings, options, record, signal }: Run,
  outputs: readonly Output[],
  rules: PruneLimits,
): Promise<PrunePlan> {
  const manifests = manifestStorage(settings, signal);
  const active = contentsOf(outputs, manifests.name);
  if (active === undefined) throw noManifest();
  const look = { forDeletion: true, ...(options.index === false && { index: false }) };
  const stored = withPublished(await readReleases(manifests, look), active);
  return planPrune(stored, { storage: settings.storage, look, record, rules, signal });
}

function contentsOf(outputs: readonly Output[], manifestName: string): ReleaseContents | undefined {
  const manifest = textOf(outputs, manifestName);
  return manifest && parseContents(manifest, textOf(outputs, detailsNameOf(manifestName)));
}

function textOf(outputs: readonly Output[], publicPath: string): StoredText | undefined {
  const output = outputs.find((each) => each.role === 'manifest' && each.publicPath === publicPath);
  return output && { text: Buffer.from(readBody(output.body)).toString(), where: publicPath };
}

/** The releases as they are when the run is over. */
function withPublished(stored: StoredReleases, active: ReleaseContents): StoredReleases {
  const id = active.manifest.release;
  if (id === undefined) return { ...stored, active };
  const before = stored.releases.find((release) => release.id === id);
  // A manifest that is the same is not written again, and keeps its time.
  const published = before && hasSameFiles(before, active) ? before.published : new Date();
  const others = stored.releases.filter((release) => release.id !== id);
  return {
    active,
    releases: [...others, { ...active, id, published }].sort(byTime),
    removed: stored.removed.filter((release) => release.id !== id),
  };
}

function hasSameFiles(a: ReleaseContents, b: ReleaseContents): boolean {
  if (a.manifest.hash !== b.manifest.hash || a.files.size !== b.files.size) return false;
  return [...a.files].every(([publicPath, file]) => isDeepStrictEqual(b.files.get(publicPath), file));
}

function noManifest(): StaticFilesError {
  return new StaticFilesError(
    'usage',
    'Without a manifest, it is unknown which files are in use, so nothing can be pruned. ' +
      "Collect with the processor 'fingerprint', or with a release, or leave --prune out.",
  );
}
