import { StaticFilesError } from './errors.js';
import type { Output } from './output.js';
import { makePlan, type Plan } from './plan.js';
import { runPlugin } from './plugin-errors.js';
import { publish } from './publish.js';
import type { PublishRecord } from './record.js';
import type { Run } from './run.js';
import type { Inventory, Written } from './storages/storage.js';
import { provedByHash, provedByStat, type UnchangedProof } from './unchanged.js';

/** Takes the storage's inventory and plans against it. */
export async function planRun(run: Run, outputs: readonly Output[]): Promise<Plan> {
  const { settings, options, signal, record } = run;
  const { storage } = settings;
  if (options.link && !storage.canLink) {
    throw new StaticFilesError(
      'usage',
      `The storage '${storage.name}' cannot hold links. Run without --link.`,
    );
  }
  const inventory = await runPlugin(`storage '${storage.name}'`, () => storage.inventory(signal), signal);
  return makePlan(outputs, inventory, {
    link: options.link ?? false,
    clear: options.clear ?? false,
    unchanged: unchangedProof(inventory, record),
    signal,
  });
}

/** Applies the plan, and records what is true of the destination now. */
export async function publishRun(run: Run, plan: Plan): Promise<void> {
  const { settings, options, signal, startedAt, record } = run;
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

/** A copy has its source's time and size. */
function addToRecord(
  record: PublishRecord,
  { publicPath, source, mtimeMs }: Written,
  output: Output | undefined,
): void {
  if (source === undefined || output === undefined || 'bytes' in output.body) return;
  const { body, content } = output;
  record.set(publicPath, {
    sourcePath: 'file' in body ? body.file : body.rewritten,
    source,
    hash: content?.hash ?? '',
    size: content?.size ?? source.size,
    targetMtimeMs: mtimeMs ?? source.mtimeMs,
  });
}
