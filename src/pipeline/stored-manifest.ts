import { parseDetails } from '../manifest/details.js';
import { detailsNameOf, type ParsedManifest, parseManifest } from '../manifest/manifest.js';
import { IDENTITY } from '../model/content-encoding.js';
import type { Settings } from '../settings/settings.js';
import { describePath } from '../storages/destination.js';
import type { Storage } from '../storages/storage.js';
import { isRecord } from '../text/json.js';
import { callStorage } from './destination.js';

/** Where the manifests are stored. */
export interface ManifestStorage {
  readonly storage: Storage;
  /** Name of the manifest: `staticfiles.json`. */
  readonly name: string;
  readonly signal: AbortSignal;
}

/** Returns where the settings store the manifests: in a storage of their own, or beside the files. */
export function manifestStorage(
  settings: Pick<Settings, 'storage' | 'manifest'>,
  signal: AbortSignal,
): ManifestStorage {
  const { name, storage = settings.storage } = settings.manifest;
  return { storage, name, signal };
}

/** A manifest, and the details beside it. */
export interface ReleaseContents {
  readonly manifest: ParsedManifest;
  /** Every file that they name, variants too, by public path. */
  readonly files: ReadonlyMap<string, ReleaseFile>;
  /** Whether there are details of the same run. If not, some variants may be unknown. */
  readonly complete: boolean;
}

/** What the details say about a published file, as clients see it; empty if there are no details. */
export interface ReleaseFile extends FileFacts {
  /** What was stored under its name, if that is not the content as it is. */
  readonly stored?: StoredFacts;
}

/** Size and hash of bytes, as far as the details have them. */
interface FileFacts {
  /** Bytes. */
  readonly size?: number;
  /** As in HTML's `integrity`: `sha384-…`. */
  readonly integrity?: string;
}

/** Size, hash and encoding of the bytes in the storage. The encoding of a variant is unknown. */
export interface StoredFacts extends FileFacts {
  readonly encoding?: string;
}

/** What a release stored under a file's name. */
export function storedBy({ stored, ...content }: ReleaseFile): StoredFacts {
  if (stored !== undefined) return stored;
  return content.integrity === undefined ? content : { ...content, encoding: IDENTITY };
}

/**
 * Reads the active manifest, the one that applications read unless they name a release.
 *
 * @returns `undefined` if there is none
 * @throws StaticFilesError `target` if the manifest or its details are damaged
 */
export function readActive(manifests: ManifestStorage): Promise<ReleaseContents | undefined> {
  return readManifest(manifests, manifests.name, detailsNameOf(manifests.name));
}

/**
 * Reads a manifest and its details by their paths.
 *
 * @returns `undefined` if there is no such manifest
 * @throws StaticFilesError `target` if the manifest or its details are damaged
 */
export async function readManifest(
  manifests: ManifestStorage,
  manifestName: string,
  detailsName: string,
): Promise<ReleaseContents | undefined> {
  const manifest = await readText(manifests, manifestName);
  return manifest && parseContents(manifest, await readText(manifests, detailsName));
}

/** A text from a storage. */
export interface StoredText {
  readonly text: string;
  /** Where it is, for messages. */
  readonly where: string;
}

/** Reads a text by its path; `undefined` if there is none. */
export async function readText(
  { storage, signal }: ManifestStorage,
  publicPath: string,
): Promise<StoredText | undefined> {
  const text = await callStorage(storage, signal, () => storage.readText(publicPath));
  return text === undefined ? undefined : { text, where: describePath(storage, publicPath) };
}

/**
 * Parses a manifest and its details.
 *
 * @throws StaticFilesError `target` if one of them is damaged
 */
export function parseContents(
  manifestText: StoredText,
  detailsText: StoredText | undefined,
): ReleaseContents {
  const manifest = parseManifest(manifestText.text, manifestText.where);
  const details = detailsText && parseDetailedFiles(detailsText);
  const files = new Map(details?.files);
  for (const publicPath of Object.values(manifest.paths))
    if (!files.has(publicPath)) files.set(publicPath, {});
  return { manifest, files, complete: details !== undefined && details.belongsTo === manifest.hash };
}

/** The files that details name. */
export interface DetailedFiles {
  readonly files: ReadonlyMap<string, ReleaseFile>;
  /** The hash of the manifest that the details belong to. */
  readonly belongsTo: unknown;
}

/** @throws StaticFilesError `target` if the details are damaged */
export function parseDetailedFiles({ text, where }: StoredText): DetailedFiles {
  const details = parseDetails<unknown>(text, where);
  const files = new Map<string, ReleaseFile>();
  for (const [publicPath, file] of Object.entries(details.files)) {
    files.set(publicPath, toReleaseFile(file));
    const encodings = isRecord(file) && isRecord(file.encodings) ? Object.values(file.encodings) : [];
    for (const variant of encodings) {
      if (!isRecord(variant) || typeof variant.path !== 'string') continue;
      const facts = factsOf(variant);
      files.set(variant.path, { ...facts, stored: facts });
    }
  }
  return { files, belongsTo: details.manifest };
}

function toReleaseFile(file: unknown): ReleaseFile {
  const { stored } = isRecord(file) ? file : {};
  const encoded = isRecord(stored) && typeof stored.encoding === 'string';
  return {
    ...factsOf(file),
    ...(encoded && { stored: { ...factsOf(stored), encoding: stored.encoding as string } }),
  };
}

function factsOf(facts: unknown): FileFacts {
  if (!isRecord(facts)) return {};
  const { size, integrity } = facts;
  return {
    ...(typeof size === 'number' && { size }),
    ...(typeof integrity === 'string' && { integrity }),
  };
}
