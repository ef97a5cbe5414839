import { StaticFilesError } from '../errors.js';
import { detailsNameOf } from '../manifest.js';
import { type Details, parseDetails } from './details.js';
import { isRecord, parseJson } from './json.js';
import type { ManifestSource } from './manifest-source.js';

/** What a manifest says (docs/manifest.md), and the details beside it. */
export interface ReadManifest {
  readonly paths: Readonly<Record<string, string>>;
  readonly importmap?: object;
  readonly files?: Details['files'];
}

const VERSIONS: readonly unknown[] = ['1.0', '1.1'];

/** How often, and with which pauses, details and manifest are read that are being published right now. */
const TRIES = 5;
const PAUSE_MS = 100;

/**
 * Reads a manifest with its details.
 *
 * @returns `undefined` where there is no manifest; without `files` where there are no details
 * @throws StaticFilesError `target` where one of them is damaged, or they belong to different runs and do not come to
 *   fit within half a second
 */
export async function readManifest(source: ManifestSource): Promise<ReadManifest | undefined> {
  for (let tries = 1; ; tries++) {
    const text = await source.read(source.name);
    if (text === undefined) return undefined;
    const { hash, ...manifest } = parseManifest(text, source.describe(source.name));
    const details = await readDetails(source);
    if (details === undefined) return manifest;
    if (details.manifest === hash) return { ...manifest, files: details.files };
    if (tries === TRIES) throw differentRuns(source);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

async function readDetails(source: ManifestSource): Promise<Details | undefined> {
  const name = detailsNameOf(source.name);
  const text = await source.read(name);
  return text === undefined ? undefined : parseDetails(text, source.describe(name));
}

function parseManifest(text: string, where: string): ReadManifest & { readonly hash: unknown } {
  const manifest = parseJson(text, where);
  if (!VERSIONS.includes(manifest.version)) {
    throw new StaticFilesError(
      'target',
      `'${where}' is no manifest that can be read here: its version is ${JSON.stringify(manifest.version)}, ` +
        "not '1.0' or '1.1'. Run collectstatic again, with the version of staticfiles that this application has.",
    );
  }
  const { paths, importmap, hash } = manifest;
  if (!isRecord(paths) || !Object.values(paths).every((each) => typeof each === 'string')) {
    throw new StaticFilesError(
      'target',
      `'${where}' is damaged: 'paths' does not lead from names to names. Run collectstatic again.`,
    );
  }
  return { paths: paths as Record<string, string>, hash, ...(isRecord(importmap) && { importmap }) };
}

function differentRuns(source: ManifestSource): StaticFilesError {
  const details = source.describe(detailsNameOf(source.name));
  return new StaticFilesError(
    'target',
    `'${source.describe(source.name)}' and '${details}' are of different runs of collectstatic. ` +
      'Deploy both of one run, or neither the details.',
  );
}
