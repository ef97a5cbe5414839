import { createHash } from 'node:crypto';
import { StaticFilesError } from '../errors.js';
import { type Output, publicPathsOf } from '../model/output.js';
import { sortedByCodePoint } from '../text/code-points.js';
import { isRecord, parseJson } from '../text/json.js';
import { TextBuffer } from '../text/string-builder.js';

/** The manifest's name unless the settings say otherwise; Django's. */
export const MANIFEST_NAME = 'staticfiles.json';

/** A manifest, and the hash of what it says. */
export interface Manifest {
  readonly bytes: Buffer;
  readonly hash: string;
}

/** The name of the details beside a manifest: `staticfiles.details.json`. */
export function detailsNameOf(manifestName: string): string {
  return manifestName.replace(/\.json$/, '.details.json');
}

/**
 * The manifest of a run: which logical path is published under which name. Its form is Django's, so that Django reads it
 * as it is (docs/manifest.md).
 *
 * @param more further keys, which Django ignores
 */
export function buildManifest(
  outputs: readonly Output[],
  more: Readonly<Record<string, object | string>> = {},
): Manifest {
  const paths = publicPathsOf(outputs);
  const hashing = createHash('md5');
  const text = new TextBuffer();
  const hashed = new TextBuffer();
  text.add('{"paths": {');
  hashed.add('[');
  let separator = '';
  for (const logicalPath of sortedByCodePoint(paths.keys())) {
    const publicPath = paths.get(logicalPath)!;
    // By hand: an object would put a file named `10` first.
    text.add(`${separator}\n${toJson(logicalPath)}: ${toJson(publicPath)}`);
    hashed.add(`${separator}${separator && ' '}[${pythonJson(logicalPath)}, ${pythonJson(publicPath)}]`);
    separator = ',';
  }
  hashed.add(']');
  const hash = hashing.update(hashed.toBuffer()).digest('hex').slice(0, 12);
  text.add(`${separator && '\n'}}, "version": "1.1", "hash": "${hash}"`);
  for (const [key, value] of Object.entries(more))
    text.add(`, ${toJson(key)}: ${JSON.stringify(value, null, 1)}`);
  text.add('}\n');
  return { bytes: text.toBuffer(), hash };
}

/** What is not to be escaped in JSON, neither by JavaScript nor by Python. */
const PLAIN = /^[ !#-[\]-~]*$/;

function toJson(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

/**
 * Django's hash is that of Python's `json.dumps(sorted(paths.items()))`, which escapes all but printable ASCII.
 * https://github.com/django/django/blob/main/django/contrib/staticfiles/storage.py
 */
function pythonJson(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  return JSON.stringify(text).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

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

/** The output that publishes a manifest, or the details beside it. */
export function manifestOutput(name: string, bytes: Uint8Array): Output {
  return { logicalPath: name, publicPath: name, body: { kind: 'bytes', bytes }, role: 'manifest' };
}

/** The output that publishes the import map as a file of its own. */
export function importMapOutput(file: string, importMap: object): Output {
  const bytes = Buffer.from(`${JSON.stringify(importMap, null, 2)}\n`);
  return { logicalPath: file, publicPath: file, body: { kind: 'bytes', bytes } };
}
