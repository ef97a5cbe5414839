import { StaticFilesError } from './errors.js';
import { knowOutputs } from './known-output.js';
import { buildManifest, detailsNameOf } from './manifest.js';
import { buildDetails } from './manifest-details.js';
import type { Output } from './output.js';

export interface ManifestOptions {
  /** The manifest's name: `staticfiles.json`. */
  readonly name: string;
  /** Whether it goes to another storage than the files, where it shares no names with them. */
  readonly elsewhere: boolean;
  readonly signal: AbortSignal;
}

/**
 * Adds the manifest of all outputs, and the details beside it.
 *
 * @throws StaticFilesError `source` where a file has the name of one of them, or cannot be read
 */
export async function addManifest(
  outputs: readonly Output[],
  { name, elsewhere, signal }: ManifestOptions,
): Promise<readonly Output[]> {
  const detailsName = detailsNameOf(name);
  if (!elsewhere) refuseNames(outputs, [name, detailsName]);
  const known = await knowOutputs(outputs, signal);
  const manifest = buildManifest(known);
  const details = await buildDetails(known, manifest.hash);
  // The manifest comes last: who reads it finds all that it tells of.
  return [...known, manifestOutput(detailsName, details), manifestOutput(name, manifest.bytes)];
}

function manifestOutput(name: string, bytes: Buffer): Output {
  return { logicalPath: name, publicPath: name, body: { bytes }, role: 'manifest' };
}

function refuseNames(outputs: readonly Output[], names: readonly string[]): void {
  for (const { publicPath, source, logicalPath } of outputs) {
    const name = names.find((each) => publicPath === each || publicPath.startsWith(`${each}/`));
    if (name !== undefined) throw nameTaken(source?.sourcePath ?? logicalPath, publicPath, name);
  }
}

function nameTaken(file: string, publicPath: string, name: string): StaticFilesError {
  return new StaticFilesError(
    'source',
    `'${file}' would be published as '${publicPath}', where the manifest's '${name}' is to stand. ` +
      'Rename or ignore the file, or set manifest.name or manifest.storage.',
  );
}
