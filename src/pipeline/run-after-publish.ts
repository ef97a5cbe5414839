import { StaticFilesError } from '../errors.js';
import type { Settings } from '../settings/settings.js';
import type { ChangedFile } from '../storages/storage.js';

/**
 * Calls the hook `afterPublish` with the files that have changed, if there are any.
 *
 * @throws StaticFilesError `plugin` if the hook fails; everything is published then. An error of the hook that is a
 *   StaticFilesError passes as it is.
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
      `Everything is published, but then storages.staticfiles.afterPublish failed: ${message}. ` +
        'It will not be called again for these files. Do by hand what it would have done.',
      { cause },
    );
  }
}
