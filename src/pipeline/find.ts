import { refuseConflicts } from '../finders/conflicts.js';
import { destinationFolders, type Found, findStaticFiles } from '../finders/find.js';
import type { FindContext } from '../finders/finder.js';
import { type Run, runStage } from './run.js';
import { warnUnmatchedPatterns } from './unmatched-patterns.js';

/**
 * Finds the static files of a run. Asks the finders, or takes what the session knows.
 *
 * @throws StaticFilesError `source` if a file cannot be read, `conflict` if several files have one path, different
 *   bytes, and the settings or options forbid that
 */
export function find(run: Run): Promise<Found> {
  const { settings, options, session } = run;
  return runStage(run, 'find', async () => {
    const ask = () => findStaticFiles(settings.finders, findContext(run));
    const found = await (session ? session.find(ask) : ask());
    warnUnmatchedPatterns(run, found);
    if (options.failOnConflict || settings.conflicts === 'error') refuseConflicts(found.conflicts);
    return found;
  });
}

/** Context of the finders in a run. They leave the destination out: published files are not collected again. */
export function findContext({ settings, options, warnings }: Run): FindContext {
  const defaults = options.defaultIgnore === false ? [] : settings.defaultIgnore;
  return {
    ignore: [...defaults, ...settings.ignore, ...(options.ignore ?? [])],
    exclude: destinationFolders(settings),
    warn: (warning) => warnings.push(warning),
  };
}
