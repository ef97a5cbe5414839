import { StaticFilesError } from './errors.js';
import { type ImportMap, makeImportMap } from './import-map.js';
import { type KnownOutput, knowOutputs } from './known-output.js';
import { buildManifest, detailsNameOf } from './manifest.js';
import { buildDetails } from './manifest-details.js';
import type { Output } from './output.js';
import type { ImportMapSettings, ManifestSettings } from './settings/settings.js';

export interface ManifestOptions {
  readonly manifest: ManifestSettings;
  readonly importMap: ImportMapSettings | undefined;
  readonly staticUrl: string;
  /** What the details said of outputs in earlier runs, where runs follow one another. */
  readonly knownDetails?: WeakMap<KnownOutput, string> | undefined;
  readonly signal: AbortSignal;
}

/**
 * Adds the manifest of all outputs, the details beside it, and the import map as a file where that is wanted.
 *
 * @throws StaticFilesError `source` where a file has the name of one of them, or cannot be read; `settings` for an
 *   entry of the import map that leads nowhere
 */
export async function addManifest(
  outputs: readonly Output[],
  { manifest: { name, storage }, importMap, staticUrl, knownDetails, signal }: ManifestOptions,
): Promise<readonly Output[]> {
  const detailsName = detailsNameOf(name);
  if (storage === undefined) refuseNames(outputs, [name, detailsName]);
  const known = await knowOutputs(outputs, signal);
  const made = importMap && makeImportMap(importMap.entries, known, staticUrl);
  const manifest = buildManifest(known, made && { importmap: made });
  const details = await buildDetails(known, manifest.hash, knownDetails);
  return [
    ...known,
    ...(made && importMap.file !== undefined ? [importMapFile(importMap.file, made, known)] : []),
    manifestOutput(detailsName, details),
    // The manifest comes last: who reads it finds all that it tells of.
    manifestOutput(name, manifest.bytes),
  ];
}

function importMapFile(file: string, importMap: ImportMap, outputs: readonly Output[]): Output {
  refuseNames(outputs, [file]);
  return {
    logicalPath: file,
    publicPath: file,
    body: { bytes: Buffer.from(`${JSON.stringify(importMap, null, 2)}\n`) },
  };
}

function manifestOutput(name: string, bytes: Buffer): Output {
  return { logicalPath: name, publicPath: name, body: { bytes }, role: 'manifest' };
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
      'Rename or ignore the file, or give the other one another name (manifest.name, manifest.storage, importmap.file).',
  );
}
