import { OF_NO_FILE, type PublishRecord } from '../cache/record.js';
import { rememberUnused } from '../cache/unused-files.js';
import { StaticFilesError } from '../errors.js';
import { isReleaseId, releaseNames } from '../manifest/release.js';
import { isManifest, type Output, storedFacts } from '../model/output.js';
import { posixDirname } from '../model/public-path.js';
import type { Warning } from '../model/static-file.js';
import { runPlugin } from '../plugins/plugin.js';
import type { Inventory, InventoryOptions, Storage, Written } from '../storages/storage.js';
import { limitClearing, ownership, refuseForeignDeletions, sparedWarning } from './clearing.js';
import { inventoryOf, lastRunOf } from './destination.js';
import { isDeletedLast, makePlan, type Plan, type PlanEntry } from './plan.js';
import { changesOf, type Publication, planAlone, publish } from './publish.js';
import { provedToStay, withoutDeletions } from './quiet-time.js';
import { type Run, runStage, saveRecord } from './run.js';
import { runAfterPublish } from './run-after-publish.js';
import type { Session } from './session.js';
import { droppedVariants, rememberVariants, staleVariants } from './stale-variants.js';
import { noteFollowsManifest, provedByStat, unchangedProof } from './unchanged.js';

/** What is to be published where. */
interface PlannedRun {
  readonly files: Publication;
  /** The manifest, where it goes to a storage of its own. */
  readonly manifest: Publication | undefined;
}

/** The steps that attempts of a run have done before it was overtaken by another run, by public path. */
export type DoneBefore = Map<string, PlanEntry>;

/** How a run that may have to begin again is gone through. */
export interface Attempt {
  /** Whether it is begun again: then only the destination itself is believed. */
  readonly again: boolean;
  /** Is added to. */
  readonly before: DoneBefore;
}

/**
 * Compares the outputs with what is at the destination, and, unless it is a dry run, publishes what differs.
 *
 * @returns what the run has done, in earlier attempts too
 * @throws StaticFilesError `overtaken` if another run was faster: it is to be attempted again
 */
export async function planAndPublish(
  run: Run,
  outputs: readonly Output[],
  { again, before }: Attempt,
): Promise<Plan> {
  const { checksum = false, clear = false, index } = run.options;
  const refresh = again || checksum || Boolean(clear);
  const look = { refresh, ...(index === false && { index: false }) };
  const planned = await runStage(run, 'plan', () => planRun(run, outputs, look));
  const plan = wholePlan(planned);
  run.options.onPlan?.(plan);
  if (run.options.dryRun) return plan;
  await runStage(run, 'publish', () => publishRun(run, planned, before));
  return withDoneBefore(plan, before);
}

/** A plan, with what earlier attempts have done in place of what was then there already. */
function withDoneBefore(plan: Plan, before: DoneBefore): Plan {
  if (before.size === 0) return plan;
  const paths = new Set(plan.map(({ publicPath }) => publicPath));
  const gone = [...before.values()].filter(
    ({ action, publicPath }) => action === 'delete' && !paths.has(publicPath),
  );
  const isKept = ({ action }: PlanEntry) => action === 'keep';
  return [...plan.map((entry) => (isKept(entry) && before.get(entry.publicPath)) || entry), ...gone];
}

/** Takes the storages' inventories and plans against them. */
async function planRun(run: Run, outputs: readonly Output[], look: InventoryOptions): Promise<PlannedRun> {
  const { storage, manifest } = run.settings;
  if (run.options.link && !storage.canLink) {
    throw new StaticFilesError(
      'usage',
      `The storage '${storage.name}' cannot hold links. Run without --link.`,
    );
  }
  if (manifest.storage === undefined)
    return { files: await planFiles(run, outputs, look), manifest: undefined };
  return {
    files: await planFiles(
      run,
      outputs.filter((output) => !isManifest(output)),
      look,
    ),
    manifest: await planAlone(manifest.storage, outputs.filter(isManifest), run.signal, look),
  };
}

/** All that will be done, in order. */
function wholePlan({ files, manifest }: PlannedRun): Plan {
  if (manifest === undefined) return files.plan;
  return [
    ...files.plan.filter((entry) => !isDeletedLast(entry)),
    ...manifest.plan,
    ...files.plan.filter(isDeletedLast),
  ];
}

async function planFiles(run: Run, outputs: readonly Output[], look: InventoryOptions): Promise<Publication> {
  const { settings, options, signal, record, session, warnings } = run;
  const { storage } = settings;
  if (!look.refresh && (await isPublishedAlready(storage, outputs, signal)))
    return { storage, plan: outputs.map(keep) };
  const inventory = await inventoryOf(storage, signal, look);
  const { quiet } = inventory;
  const { link = false, clear = false } = options;
  /** A plan that is made again says the same again. */
  const warn = (warning: Warning) => {
    if (!warnings.some(({ code }) => code === warning.code)) run.warn(warning);
  };
  const isOwn = await ownership(inventory, settings, signal);
  const spared: string[] = [];
  record.believe(await lastRunOf(storage, signal));
  const proof = await provedToStay(run, quiet, unchangedProof(inventory, provedByStat(inventory, record)));
  const unchanged = noteFollowsManifest(proof, outputs, inventory);
  if (session) distrustEmptied(session, outputs, inventory);
  const isPublished = session?.isPublished;
  const plan = await makePlan(outputs, inventory, {
    link,
    clear,
    ...(isOwn && { isOwn }),
    onSpared: (publicPath) => spared.push(publicPath),
    unchanged,
    signal,
    ...(isPublished && { isPublished }),
  });
  refuseForeignDeletions({ plan, storage, inventory, isOwn, clear, spared });
  limitClearing(plan, { ...options, storage, warn });
  if (spared.length > 0) warn(sparedWarning(storage, spared));
  const stale = await staleVariants(plan, inventory, {
    isAsLeft: (output) => isPublished?.(output) || inventory.fromIndex || record.isKept(output.publicPath),
    signal,
  });
  const dropped = clear ? [] : droppedVariants(outputs, inventory, record); // --clear has them in its plan already
  const whole = withStale([...stale, ...dropped], plan);
  return { storage, plan: quiet ? withoutDeletions(run, quiet, whole) : whole };
}

async function isPublishedAlready(
  storage: Storage,
  outputs: readonly Output[],
  signal: AbortSignal,
): Promise<boolean> {
  const ask = async () => storage.hasPublished?.(outputs, signal) ?? false;
  return runPlugin(`storage '${storage.name}'`, ask, signal);
}

function keep(output: Output): PlanEntry {
  return { action: 'keep', publicPath: output.publicPath, reason: 'unchanged', replaces: true, output };
}

/** Each once, and first, though `--clear` may have planned to delete it last. */
function withStale(stale: readonly PlanEntry[], plan: Plan): Plan {
  if (stale.length === 0) return plan;
  const first = new Map(stale.map((entry) => [entry.publicPath, entry]));
  return [...first.values(), ...plan.filter(({ publicPath }) => !first.has(publicPath))];
}

/** Somebody may delete the whole destination while this session goes on. */
function distrustEmptied(session: Session, outputs: readonly Output[], inventory: Inventory): void {
  const known = outputs.find(session.isPublished);
  if (known !== undefined && inventory.get(known.publicPath) === undefined) session.forgetPublished();
}

/** Applies the plan, and records what is true of the destination now. */
async function publishRun(run: Run, { files, manifest }: PlannedRun, before: DoneBefore): Promise<void> {
  const { settings, options, signal, startedAt, record, session } = run;
  const plan = wholePlan({ files, manifest });
  const steps = new Map(
    plan.filter(({ action }) => action !== 'keep').map((step) => [step.publicPath, step]),
  );
  const published = outputsOf(files);
  await publish(files, manifest, {
    published,
    ...(manifest && { publishedManifest: outputsOf(manifest) }),
    going: goingReleases(files.plan, settings.manifest.name),
    done(written) {
      const step = steps.get(written.publicPath);
      if (step) before.set(written.publicPath, step);
      if (step?.action === 'copy') addToRecord(record, written, step.output);
    },
    progress: (count, total, bytes) => options.onProgress?.('publish', count, total, bytes),
    watching: session !== undefined,
    signal,
  });
  record.publishedBy(await lastRunOf(settings.storage, signal));
  rememberVariants(published, record);
  if (session) session.addPublished(published);
  else {
    rememberUnused(record, () => published.map(({ publicPath }) => publicPath), startedAt);
    saveRecord(run);
  }
  await runAfterPublish(settings, changesOf(withDoneBefore(plan, before)), signal);
}

function outputsOf({ plan }: Publication): readonly Output[] {
  return plan.flatMap(({ output }) => output ?? []);
}

/** The manifests that a plan deletes, by the ids of their releases. */
function goingReleases(plan: Plan, manifestName: string): ReadonlyMap<string, string> {
  const deleted = plan.filter(({ action }) => action === 'delete').map(({ publicPath }) => publicPath);
  const ids = deleted.map((publicPath) => [posixDirname(publicPath), publicPath] as const);
  return new Map(
    ids.filter(([id, path]) => isReleaseId(id) && path === releaseNames(id, manifestName).manifest),
  );
}

/** A copy has its source's time and size. */
function addToRecord(
  record: PublishRecord,
  { publicPath, source, mtimeMs }: Written,
  output: Output | undefined,
): void {
  if (output === undefined) return;
  const { body } = output;
  const stored = storedFacts(output);
  const hash = stored?.hash ?? '';
  if (body.kind === 'bytes') {
    if (stored === undefined || mtimeMs === undefined) return;
    record.set(publicPath, { ...OF_NO_FILE, hash, size: stored.size, targetMtimeMs: mtimeMs }, true);
  } else if (source !== undefined) {
    const sourcePath = body.kind === 'file' ? body.file : body.rewritten;
    const target = { size: stored?.size ?? source.size, targetMtimeMs: mtimeMs ?? source.mtimeMs };
    record.set(publicPath, { sourcePath, source, hash, ...target });
  }
}
