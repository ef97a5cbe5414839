import { StaticFilesError } from '../errors.js';
import { detailsNameOf, importMapOutput, manifestOutput } from '../manifest/manifest.js';
import { releaseNames } from '../manifest/release.js';
import type { Output } from '../model/output.js';
import { lockInterruptibly } from '../pipeline/lock-destination.js';
import { planWithoutRecord } from '../pipeline/plan-storage.js';
import { changesOf, publish } from '../pipeline/publish.js';
import { runAfterPublish } from '../pipeline/run-after-publish.js';
import { type ManifestStorage, manifestStorage, readText } from '../pipeline/stored-manifest.js';
import type { Settings } from '../settings/settings.js';
import { type ReleaseOptions, releaseOf } from './list.js';
import { readReleases, type StoredRelease } from './read.js';
import { checkReleaseFiles } from './verify.js';

/** Result of activating a release. */
export interface ActivateResult {
  readonly id: string;
  /** The release that was active before; `undefined` if there was none. */
  readonly previous: string | undefined;
  /**
   * Public paths of files that do not have the bytes of this release: they have the same name in every release, and
   * another one has overwritten them. Collect the release again to bring them back.
   */
  readonly otherBytes: readonly string[];
}

/**
 * Makes a release the active one, without collecting: its manifest, details and import map replace the current ones.
 *
 * @throws StaticFilesError `target` if there is no such release, or some of its files are gone; `locked`, `plugin`
 * @example
 * await activateRelease(settings, 'v41');
 */
export async function activateRelease(
  settings: Settings,
  id: string,
  { signal = new AbortController().signal, onWarning: warn }: ReleaseOptions = {},
): Promise<ActivateResult> {
  return lockInterruptibly({ settings, options: {}, signal, ...(warn && { warn }) }, async (locked) => {
    const manifests = manifestStorage(settings, locked.signal);
    const stored = await readReleases(manifests);
    const release = releaseOf(stored, id);
    if (!release.complete) throw isIncomplete(release);
    const otherBytes = await checkReleaseFiles(release, settings.storage, locked.signal);
    await makeActive(release, manifests, settings);
    return { id, previous: stored.active?.manifest.release, otherBytes };
  });
}

/** Publishes the import map first and the manifest last, as collecting does. */
async function makeActive(
  release: StoredRelease,
  manifests: ManifestStorage,
  settings: Settings,
): Promise<void> {
  const { storage, signal } = manifests;
  const importMap = importMapOf(release, settings);
  const outputs = await manifestOutputs(release, manifests);
  const together = storage === settings.storage;
  const files = await planWithoutRecord(
    settings.storage,
    together ? [...importMap, ...outputs] : importMap,
    signal,
  );
  const others = together ? undefined : await planWithoutRecord(storage, outputs, signal);
  await publish(files, others, { done() {}, progress() {}, signal });
  await runAfterPublish(settings, changesOf(files.plan), signal);
}

async function manifestOutputs(
  { id }: StoredRelease,
  manifests: ManifestStorage,
): Promise<readonly Output[]> {
  const { name } = manifests;
  const names = releaseNames(id, name);
  const copies = [
    { from: names.details, to: detailsNameOf(name) },
    { from: names.manifest, to: name },
  ];
  const texts = await Promise.all(copies.map(({ from }) => readText(manifests, from)));
  return copies.map(({ to }, index) => manifestOutput(to, Buffer.from(texts[index]!.text)));
}

function importMapOf({ manifest }: StoredRelease, { importMap }: Settings): readonly Output[] {
  if (importMap?.file === undefined || manifest.importmap === undefined) return [];
  return [importMapOutput(importMap.file, manifest.importmap)];
}

function isIncomplete({ id }: StoredRelease): StaticFilesError {
  return new StaticFilesError(
    'target',
    `The manifest of release '${id}' has no details of the same run, so its files cannot be checked. Collect it again.`,
  );
}
