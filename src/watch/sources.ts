import { describeSystemError, StaticFilesError, systemErrorCode } from '../errors.js';
import { readStampIfAny } from '../files/stamp.js';
import { destinationFolders } from '../finders/find.js';
import type { Session } from '../pipeline/session.js';
import type { Settings } from '../settings/settings.js';
import type { Changes } from './changes.js';
import { watchFolders } from './folders.js';
import { pollFolders } from './poll.js';

export interface WatchSourcesOptions {
  /** Look at all files again and again, if the system does not report changes. */
  readonly poll: boolean;
  readonly changes: Changes;
  /** Called if changes may be missed from now on. */
  onLost(error: StaticFilesError): void;
}

/**
 * Watches the search roots of the finders, and notes what changes there.
 *
 * @returns a function that stops watching, once everything is watched
 * @throws StaticFilesError `source` if the system cannot watch so many folders
 */
export async function watchSources(
  settings: Settings,
  session: Session,
  { poll, changes, onLost }: WatchSourcesOptions,
): Promise<() => void> {
  const folders = new Set(settings.finders.flatMap((finder) => finder.roots().map(({ dir }) => dir)));
  const options = {
    baseDir: settings.baseDir,
    exclude: destinationFolders(settings),
    onEvent: (systemPath: string) => noteEvent(systemPath, session, changes),
    onError: (error: unknown) => onLost(cannotWatch(error)),
  };
  try {
    return poll ? await pollFolders([...folders], options) : watchFolders([...folders], options);
  } catch (error) {
    throw cannotWatch(error);
  }
}

function noteEvent(systemPath: string, session: Session, changes: Changes): void {
  const isSource = session.hasSource(systemPath);
  const stamp = readStampIfAny(systemPath);
  const isThere = stamp !== undefined;
  if (!isThere && !session.mayHaveHadSources(systemPath)) return; // a temporary file
  session.note(systemPath, isSource && isThere ? 'content' : 'files');
  // Editors that write in place empty the file first.
  const isEdit = isSource && isThere && stamp.size > 0;
  changes.note(systemPath, isSource && !isThere ? 'loss' : isEdit ? 'edit' : 'other');
}

/** Limits of the system (https://man7.org/linux/man-pages/man7/inotify.7.html), by the error code that they cause. */
const LIMITS: Readonly<Record<string, string>> = {
  ENOSPC: 'the system cannot watch more folders (raise fs.inotify.max_user_watches)',
  EMFILE:
    'the system cannot start more watchers (raise fs.inotify.max_user_instances, or the limit of open files)',
};

function cannotWatch(error: unknown): StaticFilesError {
  const why = LIMITS[systemErrorCode(error) ?? ''] ?? describeSystemError(error);
  return new StaticFilesError(
    'source',
    `Cannot watch the sources: ${why}. Use --poll to look at all files again and again.`,
    { cause: error },
  );
}
