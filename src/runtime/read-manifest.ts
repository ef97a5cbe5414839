import { StaticFilesError } from '../errors.js';
import { detailsNameOf } from '../manifest.js';
import { parseDetails } from '../parse-details.js';
import { type ParsedManifest, parseManifest } from '../parse-manifest.js';
import type { ManifestSource } from './manifest-source.js';
import type { FileDetails } from './tags.js';

/** What a manifest says (docs/manifest.md), and the details beside it. */
export interface ReadManifest extends Pick<ParsedManifest, 'paths' | 'importmap'> {
  readonly files?: Readonly<Record<string, FileDetails>>;
}

/** How often, and with which pauses, details and manifest are read that are being published right now. */
const TRIES = 5;
const PAUSE_MS = 100;

/** How a manifest and its details are read, whose content is a `T`: a text, or bytes. */
export interface PairReader<
  T,
  M extends { readonly hash: unknown },
  D extends { readonly manifest: unknown },
> {
  read(name: string): Promise<T | undefined>;
  /** @param where shown in messages */
  manifest(content: T, where: string): M;
  details(content: T, where: string): D;
}

/**
 * Reads a manifest with its details.
 *
 * @returns `undefined` where there is no manifest; without `files` where there are no details
 * @throws StaticFilesError `target` where one of them is damaged, or they belong to different runs and do not come to
 *   fit within half a second
 */
export async function readManifest(source: ManifestSource): Promise<ReadManifest | undefined> {
  const pair = await readPair(source, {
    read: (name) => source.read(name),
    manifest: parseManifest,
    details: parseDetails<FileDetails>,
  });
  if (pair === undefined) return undefined;
  const { hash, release, ...manifest } = pair.manifest;
  return pair.details === undefined ? manifest : { ...manifest, files: pair.details.files };
}

/** Reads a manifest, and the details of the same run; as {@link readManifest}. */
export async function readPair<
  T,
  M extends { readonly hash: unknown },
  D extends { readonly manifest: unknown },
>(
  source: ManifestSource,
  reader: PairReader<T, M, D>,
): Promise<{ readonly manifest: M; readonly details?: D } | undefined> {
  const detailsName = detailsNameOf(source.name);
  for (let tries = 1; ; tries++) {
    const content = await reader.read(source.name);
    if (content === undefined) return undefined;
    const manifest = reader.manifest(content, source.describe(source.name));
    const detailsContent = await reader.read(detailsName);
    if (detailsContent === undefined) return { manifest };
    const details = reader.details(detailsContent, source.describe(detailsName));
    if (details.manifest === manifest.hash) return { manifest, details };
    if (tries === TRIES) throw differentRuns(source);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

function differentRuns(source: ManifestSource): StaticFilesError {
  const details = source.describe(detailsNameOf(source.name));
  return new StaticFilesError(
    'target',
    `'${source.describe(source.name)}' and '${details}' are of different runs of collectstatic. ` +
      'Deploy both of one run, or neither the details.',
  );
}
