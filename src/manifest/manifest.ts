import { createHash } from 'node:crypto';
import { StaticFilesError } from '../errors.js';
import { type Output, publicPathsOf } from '../model/output.js';
import { sortedByCodePoint } from '../text/code-points.js';
import { isRecord, parsePublishedJson } from '../text/json.js';
import { TextBuffer } from '../text/string-builder.js';

/** Default name of the manifest, the same as Django's. */
export const MANIFEST_NAME = 'staticfiles.json';

/** Bytes of a manifest, and the hash of its paths. */
export interface Manifest {
  readonly bytes: Buffer;
  readonly hash: string;
}

/** Returns the name of the details beside a manifest: `staticfiles.details.json`. */
export function detailsNameOf(manifestName: string): string {
  return manifestName.replace(/\.json$/, '.details.json');
}

/**
 * Returns the manifest of a run: the public path of each logical path. Django can read it too (docs/manifest.md).
 *
 * @param more further keys, which Django ignores
 */
export function buildManifest(
  outputs: readonly Output[],
  more: Readonly<Record<string, object | string>> = {},
): Manifest {
  const paths = publicPathsOf(outputs);
  const hashing = createHash('md5');
  const text = new TextBuffer(paths.size * EXPECTED_BYTES);
  let hashed = '[';
  text.add('{"paths": {');
  let separator = '';
  for (const logicalPath of sortedByCodePoint(paths.keys())) {
    const publicPath = paths.get(logicalPath)!;
    // Written by hand, because an object would put a file named `10` first.
    text.add(`${separator}\n${toJson(logicalPath)}: ${toJson(publicPath)}`);
    hashed += `${separator}${separator && ' '}[${pythonJson(logicalPath)}, ${pythonJson(publicPath)}]`;
    separator = ',';
    if (hashed.length < HASHED_AT_A_TIME) continue;
    hashing.update(hashed);
    hashed = '';
  }
  const hash = hashing.update(`${hashed}]`).digest('hex').slice(0, 12);
  text.add(`${separator && '\n'}}, "version": "1.1", "hash": "${hash}"`);
  for (const [key, value] of Object.entries(more))
    text.add(`, ${toJson(key)}: ${JSON.stringify(value, null, 1)}`);
  text.add('}\n');
  return { bytes: text.toBuffer(), hash };
}

/** Of an entry. Most take less. */
const EXPECTED_BYTES = 256;

/** A call for each entry would take longer than the hash. */
const HASHED_AT_A_TIME = 1 << 16;

/** Texts that neither JavaScript nor Python escapes in JSON. */
const PLAIN = /^[ !#-[\]-~]*$/;

function toJson(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

/**
 * Writes a text as Python does. Django hashes `json.dumps(sorted(paths.items()))`, which escapes all but printable ASCII.
 * https://github.com/django/django/blob/main/django/contrib/staticfiles/storage.py
 */
function pythonJson(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  return JSON.stringify(text).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Content of a manifest (docs/manifest.md). */
export interface ParsedManifest {
  readonly paths: Readonly<Record<string, string>>;
  readonly hash: unknown;
  readonly release?: string;
  readonly importmap?: object;
}

const VERSIONS: readonly unknown[] = ['1.0', '1.1'];

/**
 * Returns the content of a manifest, including one that Django wrote.
 *
 * @param where shown in messages
 * @throws StaticFilesError `target` if it is damaged or its version is not supported
 */
export function parseManifest(text: string, where: string): ParsedManifest {
  const { version, paths, importmap, hash, release } = parsePublishedJson(text, where);
  assertManifestVersion(version, where);
  if (!isRecord(paths) || !Object.values(paths).every((each) => typeof each === 'string')) {
    throw new StaticFilesError(
      'target',
      `'${where}' is damaged: 'paths' is not an object of strings. Run collectstatic again.`,
    );
  }
  return {
    paths: paths as Record<string, string>,
    hash,
    ...(typeof release === 'string' && { release }),
    ...(isRecord(importmap) && { importmap }),
  };
}

/** @throws StaticFilesError `target` if the version is not supported */
export function assertManifestVersion(version: unknown, where: string): void {
  if (VERSIONS.includes(version)) return;
  throw new StaticFilesError(
    'target',
    `'${where}' is not a manifest of version '1.0' or '1.1' (version: ${JSON.stringify(version)}). ` +
      'Run collectstatic again with the version of staticfiles that this application uses.',
  );
}

/** Returns the output of a manifest, or of the details beside it. */
export function manifestOutput(name: string, bytes: Uint8Array): Output {
  return { logicalPath: name, publicPath: name, body: { kind: 'bytes', bytes }, role: 'manifest' };
}

/** Returns the output of the import map's own file (`importmap.file`). */
export function importMapOutput(file: string, importMap: object): Output {
  const bytes = Buffer.from(`${JSON.stringify(importMap, null, 2)}\n`);
  return { logicalPath: file, publicPath: file, body: { kind: 'bytes', bytes } };
}
