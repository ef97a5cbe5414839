import { createHash } from 'node:crypto';
import { type Output, publicPathsOf } from './output.js';
import { sortedByCodePoint } from './paths.js';
import { TextBuffer } from './text-buffer.js';

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
