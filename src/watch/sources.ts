import fs from 'node:fs';
import { describeSystemError, StaticFilesError, systemErrorCode } from '../errors.js';
import { destinationFolders } from '../finders/find.js';
import type { Session } from '../pipeline/session.js';
import type { Settings } from '../settings/settings.js';
import type { Changes } from './changes.js';
import { watchFolders } from './folders.js';

export interface WatchSourcesOptions {
  /** Looks at all files again and again, where the system tells of no changes. */
  readonly poll: boolean;
  readonly changes: Changes;
  /** Told when changes are no longer told. */
  onLost(error: StaticFilesError): void;
}

/**
 * Watches the folders that the finders search, and notes what happens there.
 *
 * @returns what ends it, once all is watched
 * @throws StaticFilesError `source` where the system cannot watch so much
 */
export async function watchSources(
  settings: Settings,
  session: Session,
  { poll, changes, onLost }: WatchSourcesOptions,
): Promise<() => Promise<void>> {
  const folders = new Set(settings.finders.flatMap((finder) => finder.roots().map(({ dir }) => dir)));
  try {
    return await watchFolders([...folders], {
      baseDir: settings.baseDir,
      exclude: destinationFolders(settings),
      poll,
      onEvent: (systemPath) => noteEvent(systemPath, session, changes),
      onError: (error) => onLost(cannotWatch(error)),
    });
  } catch (error) {
    throw cannotWatch(error);
  }
}

function noteEvent(systemPath: string, session: Session, changes: Changes): void {
  const isPublished = session.publishes(systemPath);
  const isThere = fs.existsSync(systemPath);
  if (!isThere && !isPublished && !session.publishesBelow(systemPath)) return; // of a moment only
  // An editor may write a new file and put it in the place of the old one.
  session.note(systemPath, isPublished && isThere ? 'content' : 'files');
  changes.note(isPublished && !isThere);
}

/** The limits that such errors speak of. https://man7.org/linux/man-pages/man7/inotify.7.html */
const LIMITS: Readonly<Record<string, string>> = {
  ENOSPC: 'the system watches as many folders as it may (fs.inotify.max_user_watches)',
  EMFILE: 'the system has as many watchers as it may (fs.inotify.max_user_instances, or open files)',
};

function cannotWatch(error: unknown): StaticFilesError {
  const why = LIMITS[systemErrorCode(error) ?? ''] ?? describeSystemError(error);
  return new StaticFilesError(
    'source',
    `Cannot watch the sources: ${why}. Run with --poll (the option poll), which looks at all files again and again.`,
    { cause: error },
  );
}
