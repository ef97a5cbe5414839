import { isDeepStrictEqual } from 'node:util';
import { readBody } from '../body.js';
import { inventoryOf } from '../destination.js';
import { StaticFilesError } from '../errors.js';
import { detailsNameOf } from '../manifest.js';
import type { Output } from '../output.js';
import { type ReleaseContents, readContents, type StoredText } from '../releases/release-contents.js';
import { byTime, manifestPlace, readReleases, type StoredReleases } from '../releases/stored-releases.js';
import type { Run } from '../run.js';
import { leftBehind } from './left-behind.js';
import { planPrune } from './plan.js';
import type { PruneLimits, PrunePlan } from './pruning.js';

/**
 * Plans what is pruned when these outputs are published, whether they are already or not.
 *
 * @throws StaticFilesError `usage` where the run makes no manifest; `target` where a manifest is damaged
 */
export async function planPruneAfter(
  { settings, options, record, signal }: Run,
  outputs: readonly Output[],
  limits: PruneLimits,
): Promise<PrunePlan> {
  const place = manifestPlace(settings, signal);
  const active = contentsOf(outputs, place.name);
  if (active === undefined) throw noManifest();
  const look = { forDeletion: true, ...(options.index === false && { index: false }) };
  const stored = withPublished(await readReleases(place, look), active, new Date());
  const inventory = await inventoryOf(settings.storage, signal, look);
  return planPrune(stored, inventory, {
    rules: limits,
    now: new Date(),
    leftBehind: leftBehind(record),
    signal,
  });
}

function contentsOf(outputs: readonly Output[], manifestName: string): ReleaseContents | undefined {
  const manifest = textOf(outputs, manifestName);
  return manifest && readContents(manifest, textOf(outputs, detailsNameOf(manifestName)));
}

function textOf(outputs: readonly Output[], publicPath: string): StoredText | undefined {
  const output = outputs.find((each) => each.role === 'manifest' && each.publicPath === publicPath);
  return output && { text: Buffer.from(readBody(output.body)).toString(), where: publicPath };
}

/** What is stored when the run is over. */
function withPublished(stored: StoredReleases, active: ReleaseContents, now: Date): StoredReleases {
  const id = active.manifest.release;
  if (id === undefined) return { ...stored, active };
  const before = stored.releases.find((release) => release.id === id);
  const published = before && hasSameFiles(before, active) ? before.published : now;
  const others = stored.releases.filter((release) => release.id !== id);
  return {
    active,
    releases: [...others, { ...active, id, published }].sort(byTime),
    removed: stored.removed.filter((release) => release.id !== id),
  };
}

/** Then its manifest is not written again, and keeps its time. */
function hasSameFiles(a: ReleaseContents, b: ReleaseContents): boolean {
  if (a.manifest.hash !== b.manifest.hash || a.files.size !== b.files.size) return false;
  return [...a.files].every(([publicPath, file]) => isDeepStrictEqual(b.files.get(publicPath), file));
}

function noManifest(): StaticFilesError {
  return new StaticFilesError(
    'usage',
    'Without a manifest, nothing says which files are live, so nothing can be pruned. ' +
      "Collect with the processor 'fingerprint', or with a release, or leave --prune out.",
  );
}
