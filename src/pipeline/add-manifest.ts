import { StaticFilesError } from '../errors.js';
import { buildDetails, type DetailsOptions } from '../manifest/details.js';
import { makeImportMap } from '../manifest/import-map.js';
import { buildManifest, detailsNameOf, importMapOutput, manifestOutput } from '../manifest/manifest.js';
import { type ReleaseNote, releaseNames, releaseNoteBytes } from '../manifest/release.js';
import { hashOutputs } from '../model/content.js';
import type { Output } from '../model/output.js';
import type { ImportMapSettings, ManifestSettings } from '../settings/settings.js';

export interface ManifestOptions extends DetailsOptions {
  readonly manifest: ManifestSettings;
  readonly importMap: ImportMapSettings | undefined;
  readonly staticUrl: string;
  /** The release that they are published as, where they are. */
  readonly release?: ReleaseNote | undefined;
  readonly signal: AbortSignal;
}

/**
 * Adds the manifest of all outputs, the details beside it, and the import map as a file where that is wanted. Those of
 * a release stand in its folder too.
 *
 * @throws StaticFilesError `source` where a file has the name of one of them, or cannot be read; `settings` for an
 *   entry of the import map that leads nowhere
 */
export async function addManifest(
  outputs: readonly Output[],
  options: ManifestOptions,
): Promise<readonly Output[]> {
  const {
    manifest: { name, storage },
    release,
    importMap,
    staticUrl,
    signal,
  } = options;
  const detailsName = detailsNameOf(name);
  if (importMap?.file !== undefined) refuseNames(outputs, [importMap.file]);
  if (storage === undefined) refuseNames(outputs, [name, detailsName, ...(release ? [release.id] : [])]);
  if (release) refuseId(release.id, [name, detailsName, importMap?.file?.split('/')[0]]);
  const known = await hashOutputs(outputs, signal);
  const made = importMap && makeImportMap(importMap.entries, known, staticUrl);
  const manifest = buildManifest(known, {
    ...(release && { release: release.id }),
    ...(made && { importmap: made }),
  });
  const details = await buildDetails(known, manifest.hash, options);
  return [
    ...known,
    ...(made && importMap.file !== undefined ? [importMapOutput(importMap.file, made)] : []),
    // A manifest comes last: who reads it finds all that it tells of. The newest is that of a release which is whole.
    ...(release ? releaseOutputs(release, name, manifest.bytes, details) : []),
    manifestOutput(detailsName, details),
    manifestOutput(name, manifest.bytes),
  ];
}

function releaseOutputs(release: ReleaseNote, name: string, manifest: Buffer, details: Buffer): Output[] {
  const names = releaseNames(release.id, name);
  return [
    { ...manifestOutput(names.note, releaseNoteBytes(release)), role: 'release-note' },
    manifestOutput(names.details, details),
    manifestOutput(names.manifest, manifest),
  ];
}

function refuseNames(outputs: readonly Output[], names: readonly string[]): void {
  const starts = names.map((name) => `${name}/`);
  for (const { publicPath, source, logicalPath } of outputs) {
    const taken = names.find((name, at) => publicPath === name || publicPath.startsWith(starts[at]!));
    if (taken !== undefined) throw nameTaken(source?.sourcePath ?? logicalPath, publicPath, taken);
  }
}

function nameTaken(file: string, publicPath: string, name: string): StaticFilesError {
  return new StaticFilesError(
    'source',
    `'${file}' would be published as '${publicPath}', where '${name}' of this run is to stand. ` +
      'Rename or ignore the file, or give the other one another name (manifest.name, manifest.storage, release.id, importmap.file).',
  );
}

function refuseId(id: string, taken: readonly (string | undefined)[]): void {
  if (!taken.includes(id)) return;
  throw new StaticFilesError(
    'settings',
    `The release cannot be called '${id}', since that is published at the same place: give it another id (release.id).`,
  );
}
