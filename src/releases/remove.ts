import { StaticFilesError } from '../errors.js';
import { releaseNames } from '../manifest/release.js';
import { callStorage } from '../pipeline/destination.js';
import { lockInterruptibly } from '../pipeline/lock-destination.js';
import { runAfterPublish } from '../pipeline/run-after-publish.js';
import { manifestStorage } from '../pipeline/stored-manifest.js';
import type { Settings } from '../settings/settings.js';
import { type FileAmount, type ReleaseOptions, releaseOf, summariesOf } from './list.js';
import { readReleases } from './read.js';

/** Result of removing a release. */
export interface RemoveResult {
  readonly id: string;
  /** The files that no other release needs. They stay until you prune. */
  readonly only: FileAmount;
}

/**
 * Deletes the manifest of a release, and nothing else. Its files stay, with the details by which `prune()` finds them.
 *
 * @throws StaticFilesError `target` if there is no such release, or it is active; `locked`, `plugin`
 * @example
 * const { only } = await removeRelease(settings, 'v40');
 * console.log(`${only.files} files to prune`);
 */
export async function removeRelease(
  settings: Settings,
  id: string,
  { signal = new AbortController().signal, onWarning: warn }: ReleaseOptions = {},
): Promise<RemoveResult> {
  return lockInterruptibly({ settings, options: {}, signal, ...(warn && { warn }) }, async ({ signal }) => {
    const manifests = manifestStorage(settings, signal);
    const stored = await readReleases(manifests);
    const { active, only } = summariesOf(stored).get(releaseOf(stored, id).id)!;
    if (active) throw isActive(id);
    const { storage, name } = manifests;
    const { manifest } = releaseNames(id, name);
    const changed = [{ publicPath: manifest, immutable: false }];
    await callStorage(storage, signal, () => storage.remove([manifest], { done() {}, going: [id], signal }));
    await callStorage(storage, signal, () => storage.commit?.({ changed, signal }));
    if (storage === settings.storage) await runAfterPublish(settings, changed, signal);
    return { id, only };
  });
}

function isActive(id: string): StaticFilesError {
  return new StaticFilesError(
    'target',
    `Release '${id}' is active and cannot be removed. Publish or activate another release first.`,
  );
}
