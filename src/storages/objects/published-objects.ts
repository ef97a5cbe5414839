import { isManifest, type Output } from '../../output.js';
import type { KnownObject } from './index-object.js';

/**
 * Notes what a run publishes as published from here, and what earlier runs have published and this one does not as left
 * behind: that stays for pages that are still open, until it is pruned.
 *
 * @param note is called for what has changed so
 */
export function notePublished(
  objects: ReadonlyMap<string, KnownObject>,
  outputs: readonly Output[],
  now: number,
  note: (publicPath: string, object: KnownObject) => void,
): void {
  const published = new Map(outputs.map((output) => [output.publicPath, output]));
  for (const [publicPath, object] of objects) {
    const { leftSince, foreign, ...facts } = object;
    const output = published.get(publicPath);
    if (output && foreign) note(publicPath, { ...facts, ...(!isManifest(output) && { leftSince: 0 }) });
    else if (leftSince !== undefined && (output === undefined) !== leftSince > 0)
      note(publicPath, { ...facts, leftSince: output ? 0 : now });
  }
}
