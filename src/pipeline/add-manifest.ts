import { StaticFilesError } from '../errors.js';
import { buildDetails, type DetailsOptions } from '../manifest/details.js';
import { type ImportMap, makeImportMap, unresolvedText } from '../manifest/import-map.js';
import { buildManifest, detailsNameOf, importMapOutput, manifestOutput } from '../manifest/manifest.js';
import { type ReleaseNote, releaseNames, releaseNoteBytes } from '../manifest/release.js';
import { hashOutputs } from '../model/content.js';
import type { Output } from '../model/output.js';
import type { Warning } from '../model/static-file.js';
import type { ImportMapSettings, ManifestSettings } from '../settings/settings.js';

/** Builders of a manifest and its details. */
export interface ManifestBuilders {
  readonly buildManifest: typeof buildManifest;
  readonly buildDetails: typeof buildDetails;
}

export interface ManifestOptions extends DetailsOptions {
  readonly manifest: ManifestSettings;
  readonly importMap: ImportMapSettings | undefined;
  /** Module specifiers that the import map must resolve, each with the logical paths that import it. */
  readonly bareSpecifiers: ReadonlyMap<string, readonly string[]>;
  readonly staticUrl: string;
  /** Builders of a session, which know the entries of its latest run. */
  readonly builders?: ManifestBuilders | undefined;
  /** The release that the outputs are published as, if they are. */
  readonly release?: ReleaseNote | undefined;
  warn(warning: Warning): void;
  readonly signal: AbortSignal;
}

/**
 * Adds the manifest of all outputs and its details, and the import map if the settings want a file of it. A release gets
 * a manifest and details in its own folder too.
 *
 * @throws StaticFilesError `source` if an output has the path of one of them, or cannot be read; `settings` if an entry
 *   of the import map points to no file, or the release id is the path of one of them
 */
export async function addManifest(
  outputs: readonly Output[],
  options: ManifestOptions,
): Promise<readonly Output[]> {
  const {
    manifest: { name },
    release,
    importMap,
    staticUrl,
    signal,
  } = options;
  const detailsName = detailsNameOf(name);
  refuseReserved(outputs, reservedPaths(options));
  if (release) refuseId(release.id, [name, detailsName, importMap?.file?.split('/')[0]]);
  const known = await hashOutputs(outputs, signal);
  const made = importMap && makeImportMap(importMap.entries, known, staticUrl);
  if (made) warnOfUnresolved(made, options);
  const builders = options.builders ?? { buildManifest, buildDetails };
  const manifest = builders.buildManifest(known, {
    ...(release && { release: release.id }),
    ...(made && { importmap: made }),
  });
  const details = await builders.buildDetails(known, manifest.hash, options);
  return [
    ...known,
    ...(made && importMap.file !== undefined ? [importMapOutput(importMap.file, made)] : []),
    // A manifest comes after everything that it names, and the newest one after its release.
    ...(release ? releaseOutputs(release, name, manifest.bytes, details) : []),
    manifestOutput(detailsName, details),
    manifestOutput(name, manifest.bytes),
  ];
}

/** Warns of bare specifiers that browsers cannot resolve. */
function warnOfUnresolved(made: ImportMap, { importMap, bareSpecifiers, warn }: ManifestOptions): void {
  for (const [specifier, files] of bareSpecifiers) {
    const message = unresolvedText(made, importMap!.entries, specifier, files);
    if (message !== undefined) warn({ code: 'bare-specifier', message });
  }
}

function releaseOutputs(release: ReleaseNote, name: string, manifest: Buffer, details: Buffer): Output[] {
  const names = releaseNames(release.id, name);
  return [
    { ...manifestOutput(names.note, releaseNoteBytes(release)), role: 'release-note' },
    manifestOutput(names.details, details),
    manifestOutput(names.manifest, manifest),
  ];
}

/** A path that a run needs for something else than a static file. */
interface ReservedPath {
  readonly path: string;
  readonly use: string;
  /** The setting by which it can be changed. */
  readonly setting: string;
}

function reservedPaths({ manifest, release, importMap }: ManifestOptions): readonly ReservedPath[] {
  const reserved: ReservedPath[] = [];
  if (importMap?.file !== undefined)
    reserved.push({ path: importMap.file, use: 'the import map', setting: 'importmap.file' });
  if (manifest.storage !== undefined) return reserved;
  const { name } = manifest;
  reserved.push({ path: name, use: 'the manifest', setting: 'manifest.name' });
  reserved.push({ path: detailsNameOf(name), use: 'the manifest details', setting: 'manifest.name' });
  if (release) reserved.push({ path: release.id, use: `release '${release.id}'`, setting: 'release.id' });
  return reserved;
}

function refuseReserved(outputs: readonly Output[], reserved: readonly ReservedPath[]): void {
  const folders = reserved.map(({ path }) => `${path}/`);
  for (const output of outputs) {
    const { publicPath } = output;
    const taken = reserved.find(({ path }, at) => publicPath === path || publicPath.startsWith(folders[at]!));
    if (taken !== undefined) throw isReserved(output, taken);
  }
}

function isReserved(
  { source, logicalPath, publicPath }: Output,
  { use, setting }: ReservedPath,
): StaticFilesError {
  return new StaticFilesError(
    'source',
    `'${source?.sourcePath ?? logicalPath}': the path '${publicPath}' is reserved for ${use}. ` +
      `Rename or ignore the file, or change ${setting}.`,
  );
}

function refuseId(id: string, taken: readonly (string | undefined)[]): void {
  if (!taken.includes(id)) return;
  throw new StaticFilesError(
    'settings',
    `The release id '${id}' is the path of the manifest or the import map. Choose another id (release.id).`,
  );
}
