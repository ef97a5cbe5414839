import type { CollectOptions } from './collect-options.js';
import { StaticFilesError } from './errors.js';
import { filesText } from './file-texts.js';
import type { Plan } from './plan.js';
import { MAX_DELETE } from './prune/limits.js';
import type { Warning } from './static-file.js';
import type { Storage } from './storages/storage.js';
import { placeOf } from './whereabouts.js';

/** What a clearing run is allowed, and where it says so. */
export interface ClearLimit extends Pick<CollectOptions, 'clear' | 'maxDelete' | 'dryRun'> {
  readonly storage: Storage;
  warn(warning: Warning): void;
}

/**
 * Holds what `--clear` would delete against its limit. A local folder has none unless it is given.
 *
 * @throws StaticFilesError `target` where it is more; a dry run only warns
 */
export function limitClearing(plan: Plan, { storage, clear, maxDelete, dryRun, warn }: ClearLimit): void {
  const limit = maxDelete ?? (storage.location === undefined ? MAX_DELETE : Infinity);
  if (!clear) return;
  const files = plan.filter(({ reason }) => reason === 'not collected').map(({ publicPath }) => publicPath);
  if (files.length <= limit) return;
  const message =
    `${placeOf(storage)}: --clear would delete ${filesText(files)}. ` +
    `--max-delete allows ${limit}, so nothing is changed.`;
  const next = `give --max-delete ${files.length}.`;
  if (!dryRun) throw new StaticFilesError('target', `${message} Look at them with --dry-run, then ${next}`);
  warn({ code: 'max-delete', message: `${message} To delete them, ${next}` });
}
