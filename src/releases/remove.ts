import { StaticFilesError } from '../errors.js';
import { releaseNames } from '../manifest/release.js';
import { holdingInterruptibly } from '../pipeline/destination.js';
import { runAfterPublish } from '../pipeline/run-after-publish.js';
import { manifestPlace } from '../pipeline/stored-manifest.js';
import { runPlugin } from '../plugins/plugin.js';
import type { Settings } from '../settings/settings.js';
import { type FileAmount, type ReleaseOptions, releaseOf, summariesOf } from './list.js';
import { readReleases } from './read.js';

/** What became of a release. */
export interface RemoveResult {
  readonly id: string;
  /** The files that no other release names: they stay until they are pruned. */
  readonly only: FileAmount;
}

/**
 * Removes a release: its manifest, and nothing else. Its files stay, and its details too, by which `prune` knows them.
 *
 * @throws StaticFilesError `target` where there is no such release, or it is active; `locked`, `plugin`
 */
export async function removeRelease(
  settings: Settings,
  id: string,
  { signal = new AbortController().signal, onWarning: warn }: ReleaseOptions = {},
): Promise<RemoveResult> {
  return holdingInterruptibly({ settings, options: {}, signal, ...(warn && { warn }) }, async (held) => {
    const place = manifestPlace(settings, held.signal);
    const stored = await readReleases(place);
    const { active, only } = summariesOf(stored).get(releaseOf(stored, id).id)!;
    if (active) throw isActive(id);
    const { storage, name } = place;
    const { manifest } = releaseNames(id, name);
    const { signal } = held;
    const changed = [{ publicPath: manifest, immutable: false }];
    await runPlugin(
      `storage '${storage.name}'`,
      async () => {
        await storage.remove([manifest], { done() {}, going: [id], signal });
        await storage.commit?.({ changed, signal });
      },
      signal,
    );
    if (storage === settings.storage) await runAfterPublish(settings, changed, signal);
    return { id, only };
  });
}

function isActive(id: string): StaticFilesError {
  return new StaticFilesError(
    'target',
    `'${id}' is the active release, and is not removed. Publish or activate another one first.`,
  );
}
