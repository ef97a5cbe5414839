import { tellFinalizer } from './after-publishing.js';
import { limitClearing } from './clear-limit.js';
import { inventoryOf, lastRunOf } from './destination.js';
import { StaticFilesError } from './errors.js';
import { refuseForeignDeletions, sparedWarning } from './foreign-deletions.js';
import { isManifest, type Output } from './output.js';
import { ownership } from './ownership.js';
import { makePlan, type Plan, type PlanEntry } from './plan.js';
import { planAlone } from './plan-alone.js';
import { rememberLeftBehind } from './prune/left-behind.js';
import { changesOf, type Publication, publish } from './publish.js';
import { OF_NO_FILE, type PublishRecord } from './record.js';
import { noteFollowsManifest } from './releases/release-note.js';
import { type Run, runStage, saveRecord } from './run.js';
import type { Session } from './session.js';
import type { Warning } from './static-file.js';
import type { ChangedFile, Inventory, InventoryOptions, Written } from './storages/storage.js';
import { provedByStat, unchangedProof } from './unchanged.js';
import { rememberVariants, staleVariants } from './variants.js';

/** What is to be published where. */
interface PlannedRun {
  readonly files: Publication;
  /** The manifest, where it goes to a storage of its own. */
  readonly manifest: Publication | undefined;
}

/** Compares the outputs with what is at the destination, and, unless it is a dry run, publishes what differs. */
export async function planAndPublish(run: Run, outputs: readonly Output[]): Promise<Plan> {
  const changed = new Map<string, ChangedFile>();
  try {
    return await planAndPublishOnce(run, outputs, changed);
  } catch (error) {
    if (!(error instanceof StaticFilesError && error.code === 'overtaken')) throw error;
    // Another run was there first; what it did is planned with now. A third time would be a race without end.
    return planAndPublishOnce(run, outputs, changed, { afresh: true });
  }
}

/** @param changed what the finalizer is to be told of, also where publishing is broken off and begun again */
async function planAndPublishOnce(
  run: Run,
  outputs: readonly Output[],
  changed: Map<string, ChangedFile>,
  {
    afresh = run.options.checksum || Boolean(run.options.clear),
  }: { readonly afresh?: boolean | undefined } = {},
): Promise<Plan> {
  const look = { afresh: afresh ?? false, ...(run.options.index === false && { index: false }) };
  const planned = await runStage(run, 'plan', () => planRun(run, outputs, look));
  const plan = wholePlan(planned);
  run.options.onPlan?.(plan);
  if (run.options.dryRun) return plan;
  for (const file of changesOf(planned.files.plan)) changed.set(file.publicPath, file);
  await runStage(run, 'publish', () => publishRun(run, planned, [...changed.values()]));
  return plan;
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
  const isDeletion = ({ action }: PlanEntry) => action === 'delete';
  return [
    ...files.plan.filter((entry) => !isDeletion(entry)),
    ...manifest.plan,
    ...files.plan.filter(isDeletion),
  ];
}

async function planFiles(run: Run, outputs: readonly Output[], look: InventoryOptions): Promise<Publication> {
  const { settings, options, signal, record, session, warnings } = run;
  const { storage } = settings;
  const inventory = await inventoryOf(storage, signal, look);
  const { link = false, clear = false } = options;
  /** A plan that is made again says the same again. */
  const warn = (warning: Warning) => {
    if (!warnings.some(({ code }) => code === warning.code)) warnings.push(warning);
  };
  const isOwn = await ownership(inventory, settings, signal);
  const spared: string[] = [];
  record.believe(await lastRunOf(storage, signal));
  const proof = unchangedProof(inventory, provedByStat(inventory, record));
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
  const stale = clear ? [] : staleVariants(outputs, inventory, record); // --clear has them in its plan already
  return { storage, plan: stale.length === 0 ? plan : [...plan, ...stale] };
}

/** Somebody may delete the whole destination while this session goes on. */
function distrustEmptied(session: Session, outputs: readonly Output[], inventory: Inventory): void {
  const known = outputs.find(session.isPublished);
  if (known !== undefined && inventory.get(known.publicPath) === undefined) session.forgetPublished();
}

/** Applies the plan, and records what is true of the destination now. */
async function publishRun(
  run: Run,
  { files, manifest }: PlannedRun,
  changed: readonly ChangedFile[],
): Promise<void> {
  const { settings, options, signal, startedAt, record, session } = run;
  const sources = new Map<string, Output>();
  for (const { action, publicPath, output } of files.plan)
    if (action === 'copy' && output) sources.set(publicPath, output);
  const published = files.plan.flatMap(({ output }) => output ?? []);
  await publish(files, manifest, {
    published: () => new Set(published.map(({ publicPath }) => publicPath)),
    done: (written) => addToRecord(record, written, sources.get(written.publicPath)),
    progress: (count, total, bytes) => options.onProgress?.('publish', count, total, bytes),
    watching: session !== undefined,
    signal,
  });
  record.publishedBy(await lastRunOf(settings.storage, signal));
  rememberVariants(published, record);
  if (session) session.addPublished(published);
  else {
    rememberLeftBehind(record, () => published.map(({ publicPath }) => publicPath), startedAt);
    saveRecord(run);
  }
  await tellFinalizer(settings, changed, signal);
}

/** A copy has its source's time and size. */
function addToRecord(
  record: PublishRecord,
  { publicPath, source, mtimeMs }: Written,
  output: Output | undefined,
): void {
  if (output === undefined) return;
  const { body, content } = output;
  const hash = content?.hash ?? '';
  if ('bytes' in body) {
    if (content === undefined || mtimeMs === undefined) return;
    record.set(publicPath, { ...OF_NO_FILE, hash, size: content.size, targetMtimeMs: mtimeMs }, true);
  } else if (source !== undefined) {
    const sourcePath = 'file' in body ? body.file : body.rewritten;
    const target = { size: content?.size ?? source.size, targetMtimeMs: mtimeMs ?? source.mtimeMs };
    record.set(publicPath, { sourcePath, source, hash, ...target });
  }
}
