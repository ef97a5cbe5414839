import { createHash } from 'node:crypto';
import path from 'node:path';
import { StaticFilesError } from './errors.js';
import { isManifest, type Output } from './output.js';
import { makePlan, type Plan, type PlanEntry } from './plan.js';
import { runPlugin } from './plugin-errors.js';
import { type Publication, publish } from './publish.js';
import { dropUnsettled, type PublishRecord, readRecord, sameRecord, writeRecord } from './record.js';
import type { Run } from './run.js';
import type { Settings } from './settings/settings.js';
import type { Inventory, Storage, Written } from './storages/storage.js';
import { provedByHash, provedByStat } from './unchanged.js';

/** A plan, and what was proved while it was made. */
export interface PlannedRun {
  readonly plan: Plan;
  /** The plan for the manifest, where it goes to a storage of its own. */
  readonly manifest?: Publication;
  /** What earlier runs recorded. */
  readonly earlier: PublishRecord;
  /** What this run knows: the files found unchanged, to which publishing adds what it writes. */
  readonly proven: PublishRecord;
}

/** Takes the storage's inventory and plans against it. */
export async function planRun(run: Run, outputs: readonly Output[]): Promise<PlannedRun> {
  const { settings, options, signal } = run;
  const { storage, manifest } = settings;
  if (options.link && !storage.canLink) {
    throw new StaticFilesError(
      'usage',
      `The storage '${storage.name}' cannot hold links. Run without --link.`,
    );
  }
  const inventory = await inventoryOf(storage, signal);
  const earlier: PublishRecord = options.checksum ? new Map() : readRecord(recordFile(settings));
  const proven: PublishRecord = new Map();
  const plan = await makePlan(manifest.storage ? outputs.filter(isFile) : outputs, inventory, {
    link: options.link ?? false,
    clear: options.clear ?? false,
    unchanged: unchangedProof(inventory, earlier, proven),
    signal,
  });
  const elsewhere =
    manifest.storage && (await planManifest(manifest.storage, outputs.filter(isManifest), signal));
  return { plan, ...(elsewhere && { manifest: elsewhere }), earlier, proven };
}

/** All that will be done, in order. */
export function wholePlan({ plan, manifest }: PlannedRun): Plan {
  if (manifest === undefined) return plan;
  const isDeletion = ({ action }: PlanEntry) => action === 'delete';
  return [...plan.filter((entry) => !isDeletion(entry)), ...manifest.plan, ...plan.filter(isDeletion)];
}

/** Nothing else is touched there: what else such a storage holds is not this project's. */
async function planManifest(
  storage: Storage,
  outputs: readonly Output[],
  signal: AbortSignal,
): Promise<Publication | undefined> {
  if (outputs.length === 0) return undefined;
  const inventory = await inventoryOf(storage, signal);
  const unchanged = unchangedProof(inventory, new Map(), new Map());
  return {
    storage,
    plan: await makePlan(outputs, inventory, { link: false, clear: false, unchanged, signal }),
  };
}

function isFile(output: Output): boolean {
  return !isManifest(output);
}

function inventoryOf(storage: Storage, signal: AbortSignal): Promise<Inventory> {
  return runPlugin(`storage '${storage.name}'`, () => storage.inventory(signal), signal);
}

/** Applies the plan, and records what is true of the destination now. */
export async function publishRun(run: Run, { plan, manifest, earlier, proven }: PlannedRun): Promise<void> {
  const { settings, options, signal, startedAt } = run;
  const sources = new Map(plan.map(({ publicPath, output }) => [publicPath, output]));
  await publish({ plan, storage: settings.storage }, manifest, {
    done: (written) => addToRecord(proven, written, sources.get(written.publicPath)),
    progress: (files, total) => options.onProgress?.('publish', files, total),
    signal,
  });
  dropUnsettled(proven, startedAt);
  if (!sameRecord(proven, earlier)) writeRecord(recordFile(settings), proven);
}

function unchangedProof(inventory: Inventory, earlier: PublishRecord, proven: PublishRecord) {
  const { proof } = inventory;
  return proof.kind === 'hash' ? provedByHash(proof.algorithm) : provedByStat(inventory, earlier, proven);
}

/** A copy has its source's time. */
function addToRecord(
  proven: PublishRecord,
  { publicPath, source }: Written,
  output: Output | undefined,
): void {
  if (source === undefined || output === undefined || !('file' in output.body)) return;
  proven.set(publicPath, { sourcePath: output.body.file, source, targetMtimeMs: source.mtimeMs });
}

function recordFile({ cacheDir, storage }: Settings): string {
  const key = createHash('sha256').update(`${storage.name}\0${storage.location}`).digest('hex').slice(0, 16);
  return path.join(cacheDir, 'records', `${key}.json`);
}
