import { StaticFilesError } from './errors.js';
import { isPublishable } from './paths.js';
import { quoted } from './printable.js';

/**
 * Refuses a path that would be written, read or deleted outside of a destination. Whoever computed the path, a plan, a
 * manifest or a plug-in, it goes no further than here.
 *
 * @param storage the storage's name
 * @throws StaticFilesError `target`, with the path
 */
export function assertPublishable(publicPath: string, storage: string): void {
  if (isPublishable(publicPath)) return;
  throw new StaticFilesError(
    'target',
    `The storage '${storage}' refuses the path ${quoted(publicPath)}: it is not a path below the destination.`,
  );
}
