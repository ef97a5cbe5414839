import { parseDetails } from '../manifest/details.js';
import { detailsNameOf, type ParsedManifest, parseManifest } from '../manifest/manifest.js';
import { IDENTITY } from '../model/content-encoding.js';
import { runPlugin } from '../plugins/plugin.js';
import type { Settings } from '../settings/settings.js';
import { describePath } from '../storages/destination.js';
import type { Storage } from '../storages/storage.js';
import { isRecord } from '../text/json.js';

/** Where manifests stand, and how they are read. */
export interface ManifestPlace {
  readonly storage: Storage;
  /** The manifest's name: `staticfiles.json`. */
  readonly name: string;
  readonly signal: AbortSignal;
}

/** Where the settings have the manifests. */
export function manifestPlace(
  settings: Pick<Settings, 'storage' | 'manifest'>,
  signal: AbortSignal,
): ManifestPlace {
  const { name, storage = settings.storage } = settings.manifest;
  return { storage, name, signal };
}

/** Reads the manifest that is read where no release is named; `undefined` if there is none. */
export function readActive(place: ManifestPlace): Promise<ReleaseContents | undefined> {
  return contentsAt(place, place.name, detailsNameOf(place.name));
}

export async function contentsAt(
  place: ManifestPlace,
  manifestName: string,
  detailsName: string,
): Promise<ReleaseContents | undefined> {
  const manifest = await textAt(place, manifestName);
  return manifest && readContents(manifest, await textAt(place, detailsName));
}

/** The text under a name, and where it stands; `undefined` where there is none. */
export async function textAt(
  { storage, signal }: ManifestPlace,
  publicPath: string,
): Promise<StoredText | undefined> {
  const text = await runPlugin(`storage '${storage.name}'`, () => storage.readText(publicPath), signal);
  return text === undefined ? undefined : { text, where: describePath(storage, publicPath) };
}

/** Size and hash of bytes, as far as they are told. */
interface ToldFacts {
  /** Bytes. */
  readonly size?: number;
  /** As in HTML's `integrity`: `sha384-…`. */
  readonly integrity?: string;
}

/** What is told of a published file, of the content that clients have; nothing where there are no details. */
export interface ReleaseFile extends ToldFacts {
  /** What was stored under its name, where that is not the content as it is. */
  readonly stored?: StoredFacts;
}

/** What is told of bytes, and of the encoding that they are served with, which is unknown for variants. */
export interface StoredFacts extends ToldFacts {
  readonly encoding?: string;
}

/** What a release stored under a file's name. */
export function storedBy({ stored, ...content }: ReleaseFile): StoredFacts {
  if (stored !== undefined) return stored;
  return content.integrity === undefined ? content : { ...content, encoding: IDENTITY };
}

/** A manifest, and the details beside it. */
export interface ReleaseContents {
  readonly manifest: ParsedManifest;
  /** Every file that they name, variants too, by public path. */
  readonly files: ReadonlyMap<string, ReleaseFile>;
  /** Whether there are details, and of the same run. Otherwise not all variants may be known. */
  readonly complete: boolean;
}

/** A text, and where it stands, for messages. */
export interface StoredText {
  readonly text: string;
  readonly where: string;
}

/**
 * Reads what a release consists of.
 *
 * @throws StaticFilesError `target` where manifest or details are damaged
 */
export function readContents(manifestText: StoredText, detailsText: StoredText | undefined): ReleaseContents {
  const manifest = parseManifest(manifestText.text, manifestText.where);
  const { files, belongsTo } = detailsText ? readDetails(detailsText) : NO_DETAILS;
  const all = new Map(files);
  for (const publicPath of Object.values(manifest.paths)) if (!all.has(publicPath)) all.set(publicPath, {});
  return { manifest, files: all, complete: belongsTo === manifest.hash };
}

/** The files that details name. */
export interface DetailedFiles {
  readonly files: ReadonlyMap<string, ReleaseFile>;
  /** The hash of their manifest. */
  readonly belongsTo: unknown;
}

const NO_DETAILS: DetailedFiles = { files: new Map(), belongsTo: NaN };

/** @throws StaticFilesError `target` where they are damaged */
export function readDetails({ text, where }: StoredText): DetailedFiles {
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

function factsOf(facts: unknown): ToldFacts {
  if (!isRecord(facts)) return {};
  const { size, integrity } = facts;
  return {
    ...(typeof size === 'number' && { size }),
    ...(typeof integrity === 'string' && { integrity }),
  };
}
