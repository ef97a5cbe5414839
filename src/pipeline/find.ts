import { refuseConflicts } from '../finders/conflicts.js';
import { type Found, findStaticFiles } from '../finders/find.js';
import { findContext, type Run, runStage } from './run.js';

/**
 * Finds the static files of a run: asks the finders, or takes what the session knows.
 *
 * @throws StaticFilesError `source` if a file cannot be read, `conflict` if files of one path must not differ and do
 */
export function find(run: Run): Promise<Found> {
  const { settings, options, session } = run;
  return runStage(run, 'find', async () => {
    const ask = () => findStaticFiles(settings.finders, findContext(run));
    const found = await (session ? session.find(ask) : ask());
    if (options.failOnConflict || settings.conflicts === 'error') refuseConflicts(found.conflicts);
    return found;
  });
}
