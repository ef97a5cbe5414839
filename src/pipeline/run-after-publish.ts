import { StaticFilesError } from '../errors.js';
import type { Settings } from '../settings/settings.js';
import type { ChangedFile } from '../storages/storage.js';

/**
 * Tells the hook of the settings what has changed, where anything has.
 *
 * @throws StaticFilesError `plugin` where it fails, saying that all is published nevertheless; what it throws for people
 */
export async function runAfterPublish(
  { afterPublish, storage, staticUrl }: Settings,
  changed: readonly ChangedFile[],
  signal: AbortSignal,
): Promise<void> {
  if (afterPublish === undefined || changed.length === 0) return;
  try {
    await afterPublish(changed, { publicUrl: storage.publicUrl ?? staticUrl, signal });
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof StaticFilesError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new StaticFilesError(
      'plugin',
      `Everything is published, but then storages.staticfiles.afterPublish failed: ${message}. It is told of later changes only: do by hand what it had to do for these.`,
      { cause },
    );
  }
}
