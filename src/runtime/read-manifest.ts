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
    details: parseDetails,
  });
  if (pair === undefined) return undefined;
  const { hash, ...manifest } = pair.manifest;
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

function parseManifest(text: string, where: string): ReadManifest & { readonly hash: unknown } {
  const { version, paths, importmap, hash } = parseJson(text, where);
  assertManifestVersion(version, where);
  if (!isRecord(paths) || !Object.values(paths).every((each) => typeof each === 'string')) {
    throw new StaticFilesError(
      'target',
      `'${where}' is damaged: 'paths' does not lead from names to names. Run collectstatic again.`,
    );
  }
  return { paths: paths as Record<string, string>, hash, ...(isRecord(importmap) && { importmap }) };
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

function differentRuns(source: ManifestSource): StaticFilesError {
  const details = source.describe(detailsNameOf(source.name));
  return new StaticFilesError(
    'target',
    `'${source.describe(source.name)}' and '${details}' are of different runs of collectstatic. ` +
      'Deploy both of one run, or neither the details.',
  );
}
