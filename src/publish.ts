import type { Plan, PlanEntry } from './plan.js';
import { runPlugin } from './plugin-errors.js';
import type { Storage, WriteRequest, Written } from './storages/storage.js';

export interface PublishOptions {
  /** Called for each file that stands under its name. */
  done(written: Written): void;
  /** Called with the number of files that are on their way, of all that are to be written. */
  progress(files: number, total: number): void;
  readonly signal: AbortSignal;
}

/**
 * Applies a plan, phase by phase: new files, files that replace others, the manifest, deletions. So what refers to a file comes
 * never before it, and nothing goes away that was live a moment ago.
 */
export async function publish(plan: Plan, storage: Storage, options: PublishOptions): Promise<void> {
  const writes = plan.filter(({ action }) => action === 'copy' || action === 'link');
  const files = writes.filter((entry) => !isManifest(entry));
  const phases = [
    files.filter((entry) => !entry.replaces),
    files.filter((entry) => entry.replaces),
    writes.filter(isManifest),
  ];
  let before = 0;
  for (const phase of phases) {
    const offset = before;
    await attempt(storage, options.signal, () =>
      storage.write(phase.map(toRequest), {
        done: options.done,
        progress: (files) => options.progress(offset + files, writes.length),
        signal: options.signal,
      }),
    );
    before += phase.length;
  }
  const deletions = plan.filter(isDeletedLast).map(({ publicPath }) => publicPath);
  const { done, signal } = options;
  await attempt(storage, signal, () => storage.remove(deletions, { done, signal }));
  await attempt(storage, signal, () =>
    storage.finalize?.(plan.filter(isChange).map(({ publicPath }) => publicPath)),
  );
}

function attempt(
  storage: Storage,
  signal: AbortSignal,
  call: () => Promise<void> | undefined,
): Promise<void> {
  return runPlugin(`storage '${storage.name}'`, async () => call(), signal);
}

function toRequest({ publicPath, action, output }: PlanEntry): WriteRequest {
  if (output === undefined) throw new TypeError(`The plan has nothing to write at '${publicPath}'.`);
  return { publicPath, body: output.body, link: action === 'link' };
}

/** What is in the way was removed by the storage right before its replacement. */
function isDeletedLast({ action, reason }: PlanEntry): boolean {
  return action === 'delete' && reason !== 'in the way';
}

function isManifest({ output }: PlanEntry): boolean {
  return output?.role === 'manifest';
}

function isChange({ action }: PlanEntry): boolean {
  return action !== 'keep';
}
