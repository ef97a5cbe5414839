import { StaticFilesError } from '../errors.js';
import { detailsNameOf, importMapOutput, manifestOutput } from '../manifest/manifest.js';
import { releaseNames } from '../manifest/release.js';
import type { Output } from '../model/output.js';
import { holdingInterruptibly } from '../pipeline/destination.js';
import { changesOf, planAlone, publish } from '../pipeline/publish.js';
import { runAfterPublish } from '../pipeline/run-after-publish.js';
import { type ManifestPlace, manifestPlace, textAt } from '../pipeline/stored-manifest.js';
import type { Settings } from '../settings/settings.js';
import { type ReleaseOptions, releaseOf } from './list.js';
import { readReleases, type StoredRelease } from './read.js';
import { checkReleaseFiles } from './verify.js';

/** Which release is active now. */
export interface ActivateResult {
  readonly id: string;
  /** The one that was; `undefined` where there was none. */
  readonly previous: string | undefined;
  /**
   * Files with the same name in every release whose bytes are not those that this one published, by public path: only
   * collecting it again brings them back.
   */
  readonly otherBytes: readonly string[];
}

/**
 * Makes a release the active one: its manifest, with details and import map, is read where no release is named. So a
 * roll-back needs no collecting.
 *
 * @throws StaticFilesError `target` where there is no such release, or its files are not there any more; `locked`, `plugin`
 * @example
 * await activateRelease(settings, 'v41');
 */
export async function activateRelease(
  settings: Settings,
  id: string,
  { signal = new AbortController().signal, onWarning: warn }: ReleaseOptions = {},
): Promise<ActivateResult> {
  return holdingInterruptibly({ settings, options: {}, signal, ...(warn && { warn }) }, async (held) => {
    const place = manifestPlace(settings, held.signal);
    const stored = await readReleases(place);
    const release = releaseOf(stored, id);
    if (!release.complete) throw isIncomplete(release);
    const otherBytes = await checkReleaseFiles(release, settings.storage, held.signal);
    await makeActive(release, place, settings);
    return { id, previous: stored.active?.manifest.release, otherBytes };
  });
}

/** The import map first, then the details, the manifest at last, as when they are collected. */
async function makeActive(release: StoredRelease, place: ManifestPlace, settings: Settings): Promise<void> {
  const { storage, signal } = place;
  const importMap = importMapOf(release, settings);
  const manifests = await manifestsOf(release, place);
  const together = storage === settings.storage;
  const files = await planAlone(
    settings.storage,
    together ? [...importMap, ...manifests] : importMap,
    signal,
  );
  const others = together ? undefined : await planAlone(storage, manifests, signal);
  await publish(files, others, { done() {}, progress() {}, signal });
  await runAfterPublish(settings, changesOf(files.plan), signal);
}

async function manifestsOf({ id }: StoredRelease, place: ManifestPlace): Promise<readonly Output[]> {
  const names = releaseNames(id, place.name);
  const copies = [
    { from: names.details, to: detailsNameOf(place.name) },
    { from: names.manifest, to: place.name },
  ];
  const texts = await Promise.all(copies.map(({ from }) => textAt(place, from)));
  return copies.map(({ to }, index) => manifestOutput(to, Buffer.from(texts[index]!.text)));
}

function importMapOf({ manifest }: StoredRelease, { importMap }: Settings): readonly Output[] {
  if (importMap?.file === undefined || manifest.importmap === undefined) return [];
  return [importMapOutput(importMap.file, manifest.importmap)];
}

function isIncomplete({ id }: StoredRelease): StaticFilesError {
  return new StaticFilesError(
    'target',
    `The manifest of release '${id}' has no details of the same run, so that its files cannot be checked. Collect it again.`,
  );
}
