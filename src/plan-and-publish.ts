import { createHash } from 'node:crypto';
import path from 'node:path';
import { StaticFilesError } from './errors.js';
import type { Output } from './output.js';
import { makePlan, type Plan } from './plan.js';
import { runPlugin } from './plugin-errors.js';
import { publish } from './publish.js';
import { openRecord, type PublishRecord } from './record.js';
import type { Run } from './run.js';
import type { Settings } from './settings/settings.js';
import type { Inventory, Written } from './storages/storage.js';
import { provedByHash, provedByStat, type UnchangedProof } from './unchanged.js';

/** A plan, and the record to which publishing adds what it writes. */
export interface PlannedRun {
  readonly plan: Plan;
  readonly record: PublishRecord;
}

/** Takes the storage's inventory and plans against it. */
export async function planRun(run: Run, outputs: readonly Output[]): Promise<PlannedRun> {
  const { settings, options, signal } = run;
  const { storage } = settings;
  if (options.link && !storage.canLink) {
    throw new StaticFilesError(
      'usage',
      `The storage '${storage.name}' cannot hold links. Run without --link.`,
    );
  }
  const inventory = await runPlugin(`storage '${storage.name}'`, () => storage.inventory(signal), signal);
  const record = openRecord(recordFile(settings), !options.checksum);
  const plan = await makePlan(outputs, inventory, {
    link: options.link ?? false,
    clear: options.clear ?? false,
    unchanged: unchangedProof(inventory, record),
    signal,
  });
  return { plan, record };
}

/** Applies the plan, and records what is true of the destination now. */
export async function publishRun(run: Run, { plan, record }: PlannedRun): Promise<void> {
  const { settings, options, signal, startedAt } = run;
  const sources = new Map<string, Output>();
  for (const { action, publicPath, output } of plan)
    if (action === 'copy' && output) sources.set(publicPath, output);
  await publish(plan, settings.storage, {
    done: (written) => addToRecord(record, written, sources.get(written.publicPath)),
    progress: (files, total) => options.onProgress?.('publish', files, total),
    signal,
  });
  record.save(startedAt);
}

function unchangedProof(inventory: Inventory, record: PublishRecord): UnchangedProof {
  const { proof } = inventory;
  return proof.kind === 'hash' ? provedByHash(proof.algorithm) : provedByStat(inventory, record);
}

/** A copy has its source's time. */
function addToRecord(
  record: PublishRecord,
  { publicPath, source }: Written,
  output: Output | undefined,
): void {
  if (source === undefined || output === undefined || !('file' in output.body)) return;
  record.set(publicPath, { sourcePath: output.body.file, source, targetMtimeMs: source.mtimeMs });
}

function recordFile({ cacheDir, storage }: Settings): string {
  const key = createHash('sha256').update(`${storage.name}\0${storage.location}`).digest('hex').slice(0, 16);
  return path.join(cacheDir, 'records', `${key}.json`);
}
