import { parseDetails } from '../manifest/details.js';
import { detailsNameOf, type ParsedManifest, parseManifest } from '../manifest/manifest.js';
import type { Warning } from '../model/static-file.js';
import type { ManifestSource } from './manifest-source.js';
import type { FileDetails } from './tags.js';

/** Content of a manifest and its details (docs/manifest.md). */
export interface ReadManifest extends Pick<ParsedManifest, 'paths' | 'importmap'> {
  readonly files?: Readonly<Record<string, FileDetails>>;
}

/** Tries, and pause between them, while a run may be publishing the manifest and its details. */
const TRIES = 5;
const PAUSE_MS = 100;

/** Functions that read and parse a manifest and its details. `T` is their content: a text, or bytes. */
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

/** Manifest and its details. */
export interface Pair<M, D> {
  readonly manifest: M;
  readonly details?: D;
  /**
   * Whether the details are from another run: one was killed between the two, or only one file was copied. They are
   * still right about names with a fingerprint, which have the same bytes in every run.
   */
  readonly isMixed: boolean;
}

/**
 * Reads a manifest with its details. Details from another run are reduced to names with a fingerprint.
 *
 * @param warn called if the details are from another run
 * @returns `undefined` if there is no manifest; without `files` if there are no details
 * @throws StaticFilesError `target` if one of them cannot be read or is damaged
 */
export async function readManifest(
  source: ManifestSource,
  warn: (warning: Warning) => void,
): Promise<ReadManifest | undefined> {
  const reader = {
    read: (name: string) => source.read(name),
    manifest: parseManifest,
    details: parseDetails<FileDetails>,
  };
  const pair = await readPair(source, reader, warn);
  if (pair === undefined) return undefined;
  const { hash, release, ...manifest } = pair.manifest;
  if (pair.details === undefined) return manifest;
  const { files } = pair.details;
  return { ...manifest, files: pair.isMixed ? fingerprinted(files, manifest.paths) : files };
}

/** Reads a manifest and its details. If they are from different runs, tries again for up to half a second. */
export async function readPair<
  T,
  M extends { readonly hash: unknown },
  D extends { readonly manifest: unknown },
>(
  source: ManifestSource,
  reader: PairReader<T, M, D>,
  warn: (warning: Warning) => void,
): Promise<Pair<M, D> | undefined> {
  const detailsName = detailsNameOf(source.name);
  for (let tries = 1; ; tries++) {
    const content = await reader.read(source.name);
    if (content === undefined) return undefined;
    const manifest = reader.manifest(content, source.describe(source.name));
    const detailsContent = await reader.read(detailsName);
    if (detailsContent === undefined) return { manifest, isMixed: false };
    const details = reader.details(detailsContent, source.describe(detailsName));
    const isMixed = details.manifest !== manifest.hash;
    if (isMixed && tries === TRIES) warn(mixedWarning(source));
    if (!isMixed || tries === TRIES) return { manifest, details, isMixed };
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** Returns the details of names with a fingerprint, without imports that the manifest does not have. */
function fingerprinted(
  files: Readonly<Record<string, FileDetails>>,
  paths: Readonly<Record<string, string>>,
): Readonly<Record<string, FileDetails>> {
  const kept: Record<string, FileDetails> = {};
  for (const [logicalPath, publicPath] of Object.entries(paths)) {
    const file = files[publicPath];
    if (logicalPath === publicPath || !file) continue;
    const imports = file.imports?.filter((name) => Object.hasOwn(paths, name));
    kept[publicPath] = { ...file, ...(imports && { imports }) };
  }
  return kept;
}

function mixedWarning(source: ManifestSource): Warning {
  const manifest = source.describe(source.name);
  const details = source.describe(detailsNameOf(source.name));
  return {
    code: 'mixed-runs',
    message:
      `'${manifest}' and '${details}' are from different runs of collectstatic: a run or a copy was interrupted. ` +
      'Until both are from one run, details are used only for names with a fingerprint. ' +
      'Run collectstatic again, or copy both files of one run.',
  };
}
