import type { Output } from '../output.js';
import type { Storage, WriteRequest, Written } from '../storages/storage.js';

/** What one run does. */
export interface Publication {
  /** Outputs that are written together, one phase after the other. */
  readonly phases: readonly (readonly Output[])[];
  readonly removed?: readonly string[];
  readonly headersOnly?: boolean;
  readonly signal?: AbortSignal;
}

/** Never aborted. */
export const NO_SIGNAL: AbortSignal = new AbortController().signal;

/** Does what a run does with a storage, call by call, and gives what the storage said was done. */
export async function publish(storage: Storage, publication: Publication): Promise<readonly Written[]> {
  const { signal = NO_SIGNAL } = publication;
  const lock = await storage.lock?.(signal);
  try {
    await storage.inventory(signal);
    return await writeAll(storage, publication);
  } finally {
    await lock?.release();
  }
}

/** The calls of a run after the inventory. */
export async function writeAll(storage: Storage, publication: Publication): Promise<readonly Written[]> {
  const { phases, removed = [], headersOnly = false, signal = NO_SIGNAL } = publication;
  const written: Written[] = [];
  const options = { done: (each: Written) => written.push(each), signal };
  for (const outputs of phases) await storage.write(requestsOf(outputs, headersOnly), options);
  await storage.remove(removed, options);
  const changed = [...phases.flat().map(({ publicPath }) => publicPath), ...removed];
  await storage.finalize?.(
    changed.map((publicPath) => ({ publicPath, immutable: false })),
    signal,
  );
  return written;
}

/** Publishes outputs in one phase. */
export function publishAll(storage: Storage, outputs: readonly Output[]): Promise<readonly Written[]> {
  return publish(storage, { phases: [outputs] });
}

/** What a storage is asked to write of outputs. */
export function requestsOf(outputs: readonly Output[], headersOnly = false): readonly WriteRequest[] {
  return outputs.map((output) => ({
    publicPath: output.publicPath,
    body: output.body,
    link: false,
    output,
    ...(headersOnly && { headersOnly }),
  }));
}
