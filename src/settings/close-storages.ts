import { StaticFilesError } from '../errors.js';
import type { Storage } from '../storages/storage.js';
import type { Settings } from './settings.js';

/**
 * Closes the connections of the storages, so that the process can end. Call it once, when you are done with the settings.
 * The commands do this by themselves.
 *
 * @param settings from `loadSettings()` or `resolveSettings()`
 * @throws StaticFilesError `plugin` if a storage fails to close; the others are closed all the same
 * @example
 * ```ts
 * import { closeStorages, collectstatic, loadSettings } from 'staticfiles';
 *
 * const settings = await loadSettings();
 * try {
 *   await collectstatic(settings);
 * } finally {
 *   await closeStorages(settings);
 * }
 * ```
 */
export async function closeStorages({
  storage,
  manifest,
}: Pick<Settings, 'storage' | 'manifest'>): Promise<void> {
  await closeAll([storage, ...(manifest.storage ? [manifest.storage] : [])]);
}

/** Closes each storage once, even if the list has it twice. */
export async function closeAll(storages: readonly Storage[]): Promise<void> {
  const closed = await Promise.allSettled(Array.from(new Set(storages), close));
  for (const result of closed) if (result.status === 'rejected') throw result.reason;
}

async function close(storage: Storage): Promise<void> {
  try {
    await storage.close?.();
  } catch (cause) {
    if (cause instanceof StaticFilesError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new StaticFilesError('plugin', `The storage '${storage.name}' failed to close: ${message}`, {
      cause,
    });
  }
}
