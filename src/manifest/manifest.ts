import { createHash, type Hash } from 'node:crypto';
import { StaticFilesError } from '../errors.js';
import { differences } from '../model/differences.js';
import { type Output, publicPathsOf } from '../model/output.js';
import { sortedByCodePoint } from '../text/code-points.js';
import { isRecord, parsePublishedJson } from '../text/json.js';
import { TextBuffer } from '../text/string-builder.js';
import { sortedLines } from './sorted-lines.js';

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
  text.add(START);
  let separator = '';
  for (const logicalPath of sortedByCodePoint(paths.keys())) {
    const publicPath = paths.get(logicalPath)!;
    text.add(separator + lineOf(logicalPath, publicPath));
    hashed += `${separator}${separator && ' '}${hashedLineOf(logicalPath, publicPath)}`;
    separator = ',';
    if (hashed.length < HASHED_AT_A_TIME) continue;
    hashing.update(hashed);
    hashed = '';
  }
  const hash = shortened(hashing.update(`${hashed}]`));
  text.add(endOf(hash, paths.size, more));
  return { bytes: text.toBuffer(), hash };
}

/** Of an entry. Most take less. */
const EXPECTED_BYTES = 256;

/** A call for each entry would take longer than the hash. */
const HASHED_AT_A_TIME = 1 << 16;

const START = '{"paths": {';

/** Written by hand, because an object would put a file named `10` first. */
function lineOf(logicalPath: string, publicPath: string): string {
  return `\n${toJson(logicalPath)}: ${toJson(publicPath)}`;
}

function hashedLineOf(logicalPath: string, publicPath: string): string {
  return `[${pythonJson(logicalPath)}, ${pythonJson(publicPath)}]`;
}

/** As long as Django's. */
function shortened(hash: Hash): string {
  return hash.digest('hex').slice(0, 12);
}

function endOf(hash: string, count: number, more: Readonly<Record<string, object | string>>): string {
  const keys = Object.entries(more).map(
    ([key, value]) => `, ${toJson(key)}: ${JSON.stringify(value, null, 1)}`,
  );
  return `${count === 0 ? '' : '\n'}}, "version": "1.1", "hash": "${hash}"${keys.join('')}}\n`;
}

/** Builds the manifests of the runs of a session. Each makes only the lines that the latest one had not. */
export function manifestBuilder(): typeof buildManifest {
  let before: readonly Output[] = [];
  let published = new Map<string, Published>();
  let lines = sortedLines();
  let hashedLines = sortedLines();

  return (outputs, more = {}) => {
    const { removed, added } = differences(before, outputs);
    const others = [...removed, ...added].filter(({ variantOf }) => variantOf === undefined);
    for (const output of removed) remove(output);
    if (!added.every(add)) {
      forget();
      return buildManifest(outputs, more);
    }
    before = outputs;
    const paths = new Map(others.map(({ logicalPath }) => [logicalPath, publicPathOf(logicalPath)] as const));
    const changed = (line: typeof lineOf) =>
      new Map(
        Array.from(paths, ([logicalPath, path]) => [logicalPath, path && line(logicalPath, path)] as const),
      );
    lines.change(changed(lineOf));
    hashedLines.change(changed(hashedLineOf));
    const hash = shortened(createHash('md5').update(`[${hashedLines.join(', ')}]`));
    return { bytes: Buffer.from(START + lines.join(',') + endOf(hash, lines.size(), more)), hash };
  };

  function forget(): void {
    before = [];
    published = new Map();
    lines = sortedLines();
    hashedLines = sortedLines();
  }

  function publicPathOf(logicalPath: string): string | undefined {
    const { plain, renamed } = published.get(logicalPath)!;
    return (renamed ?? plain)?.publicPath;
  }

  function remove(output: Output): void {
    const known = published.get(output.logicalPath);
    if (known?.plain === output) known.plain = undefined;
    if (known?.renamed === output) known.renamed = undefined;
  }

  /** @returns `false` if the order of the outputs would decide */
  function add(output: Output): boolean {
    const { logicalPath, publicPath, variantOf, aliases } = output;
    if (aliases !== undefined) return false;
    if (variantOf !== undefined) return true;
    const known: Published = published.get(logicalPath) ?? { plain: undefined, renamed: undefined };
    const form = publicPath === logicalPath ? 'plain' : 'renamed';
    if (known[form] !== undefined) return false;
    known[form] = output;
    published.set(logicalPath, known);
    return true;
  }
}

/** The outputs with a logical path. The one that has another public path is named in the manifest. */
interface Published {
  plain: Output | undefined;
  renamed: Output | undefined;
}

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
