import { StaticFilesError } from './errors.js';
import { isRecord, parseJson } from './json.js';

/** What a manifest says (docs/manifest.md). */
export interface ParsedManifest {
  readonly paths: Readonly<Record<string, string>>;
  readonly hash: unknown;
  readonly release?: string;
  readonly importmap?: object;
}

const VERSIONS: readonly unknown[] = ['1.0', '1.1'];

/**
 * Reads a manifest, Django's too.
 *
 * @param where shown in messages
 * @throws StaticFilesError `target` where it is damaged, or of another form
 */
export function parseManifest(text: string, where: string): ParsedManifest {
  const { version, paths, importmap, hash, release } = parseJson(text, where);
  assertManifestVersion(version, where);
  if (!isRecord(paths) || !Object.values(paths).every((each) => typeof each === 'string')) {
    throw new StaticFilesError(
      'target',
      `'${where}' is damaged: 'paths' does not lead from names to names. Run collectstatic again.`,
    );
  }
  return {
    paths: paths as Record<string, string>,
    hash,
    ...(typeof release === 'string' && { release }),
    ...(isRecord(importmap) && { importmap }),
  };
}

/** @throws StaticFilesError `target` for a manifest of another form */
export function assertManifestVersion(version: unknown, where: string): void {
  if (VERSIONS.includes(version)) return;
  throw new StaticFilesError(
    'target',
    `'${where}' is no manifest that can be read here: its version is ${JSON.stringify(version)}, ` +
      "not '1.0' or '1.1'. Run collectstatic again, with the version of staticfiles that this application has.",
  );
}
