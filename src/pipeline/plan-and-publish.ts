import { rememberUnused } from '../cache/unused-files.js';
import { StaticFilesError } from '../errors.js';
import type { Found } from '../finders/find.js';
import { isReleaseId, releaseNames } from '../manifest/release.js';
import { isManifest, type Output } from '../model/output.js';
import { posixDirname } from '../model/public-path.js';
import type { InventoryOptions } from '../storages/storage.js';
import { lastRunOf } from './destination.js';
import type { Attempt } from './lock-destination.js';
import { rememberRun } from './nothing-changed.js';
import { isDeletedLast, isStep, type Plan, type PlanEntry, type Publication } from './plan.js';
import { planFiles, planWithoutRecord } from './plan-storage.js';
import { changesOf, publish } from './publish.js';
import { type Run, runStage, saveRecord } from './run.js';
import { runAfterPublish } from './run-after-publish.js';
import { rememberVariants } from './stale-variants.js';
import { recordWritten } from './unchanged.js';

/** What a run publishes to which storage. */
interface Publications {
  readonly files: Publication;
  /** The manifest, if it has a storage of its own. */
  readonly manifest: Publication | undefined;
}

/** An attempt to publish. */
export interface PublishAttempt extends Attempt {
  /** The static files, if the next run may be answered from the record. */
  readonly found?: Pick<Found, 'files'>;
}

/**
 * Compares the outputs with what is at the destination and publishes what differs. A dry run ends with the plan.
 *
 * @returns what the run has done, in earlier attempts too
 * @throws StaticFilesError `overtaken` if another run was faster, and a new attempt is needed
 */
export async function planAndPublish(
  run: Run,
  outputs: readonly Output[],
  attempt: PublishAttempt,
): Promise<Plan> {
  const { again, done } = attempt;
  const earlier = [...done];
  const { checksum = false, clear = false, index } = run.options;
  const look = { refresh: again || checksum || Boolean(clear), ...(index === false && { index }) };
  const planned = await runStage(run, 'plan', () => planRun(run, outputs, look));
  const plan = wholePlan(planned);
  run.options.onPlan?.(plan);
  if (run.options.dryRun) return plan;
  const all = withDone(plan, earlier);
  await runStage(run, 'publish', () => publishRun(run, planned, all, attempt));
  return all;
}

async function planRun(run: Run, outputs: readonly Output[], look: InventoryOptions): Promise<Publications> {
  const { storage, manifest } = run.settings;
  if (run.options.link && !storage.canLink) throw cannotLink(storage.name);
  if (manifest.storage === undefined)
    return { files: await planFiles(run, outputs, look), manifest: undefined };
  const others = outputs.filter((output) => !isManifest(output));
  return {
    files: await planFiles(run, others, look),
    manifest: await planWithoutRecord(manifest.storage, outputs.filter(isManifest), run.signal, look),
  };
}

function cannotLink(name: string): StaticFilesError {
  return new StaticFilesError('usage', `The storage '${name}' cannot hold links. Run without --link.`);
}

/** All steps, in the order in which they are done. */
function wholePlan({ files, manifest }: Publications): Plan {
  if (manifest === undefined) return files.plan;
  return [
    ...files.plan.filter((entry) => !isDeletedLast(entry)),
    ...manifest.plan,
    ...files.plan.filter(isDeletedLast),
  ];
}

/**
 * Applies the plan, records what is published now, and calls the hook.
 *
 * @param all the plan with what earlier attempts have done
 */
async function publishRun(
  run: Run,
  { files, manifest }: Publications,
  all: Plan,
  { done, found }: PublishAttempt,
): Promise<void> {
  const { settings, options, signal, startedAt, record, session } = run;
  const plan = wholePlan({ files, manifest });
  const steps = new Map<string, PlanEntry>();
  for (const step of plan) if (isStep(step)) steps.set(step.publicPath, step);
  const published = outputsOf(files);
  await publish(files, manifest, {
    published,
    ...(manifest && { publishedManifest: outputsOf(manifest) }),
    deletedReleases: deletedReleases(files.plan, settings.manifest.name),
    done(written) {
      const step = steps.get(written.publicPath);
      if (step) done.push(step);
      if (step?.action === 'copy' && step.output) recordWritten(record, written, step.output);
    },
    progress: (count, total, bytes) => options.onProgress?.('publish', count, total, bytes),
    watching: session !== undefined,
    signal,
  });
  record.publishedBy(await lastRunOf(settings.storage, signal));
  rememberVariants(published, record, session !== undefined);
  if (session) session.addPublished(files.plan);
  else {
    rememberUnused(record, () => published.map(({ publicPath }) => publicPath), startedAt);
    if (found) rememberRun(run, found, manifest ? [files, manifest] : [files]);
    saveRecord(run);
  }
  await runAfterPublish(settings, changesOf(all), signal);
}

function outputsOf({ plan }: Publication): readonly Output[] {
  const outputs: Output[] = [];
  for (const { output } of plan) if (output !== undefined) outputs.push(output);
  return outputs;
}

/** The ids of the releases whose manifests a plan deletes, with the paths of these manifests. */
function deletedReleases(plan: Plan, manifestName: string): ReadonlyMap<string, string> {
  const deleted = plan.filter(({ action }) => action === 'delete');
  const ids = deleted.map(({ publicPath }) => [posixDirname(publicPath), publicPath] as const);
  return new Map(
    ids.filter(([id, path]) => isReleaseId(id) && path === releaseNames(id, manifestName).manifest),
  );
}

/** A plan that says what earlier attempts have done, instead of keeping what they left there. */
function withDone(plan: Plan, earlier: readonly PlanEntry[]): Plan {
  if (earlier.length === 0) return plan;
  const done = new Map(earlier.map((entry) => [entry.publicPath, entry]));
  const paths = new Set(plan.map(({ publicPath }) => publicPath));
  const gone = [...done.values()].filter(
    ({ action, publicPath }) => action === 'delete' && !paths.has(publicPath),
  );
  const isKept = ({ action }: PlanEntry) => action === 'keep';
  return [...plan.map((entry) => (isKept(entry) && done.get(entry.publicPath)) || entry), ...gone];
}
