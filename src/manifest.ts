import { createHash } from 'node:crypto';
import { type Output, publicPathsOf } from './output.js';
import { sortedByCodePoint } from './paths.js';

/** The manifest's name unless the settings say otherwise; Django's. */
export const MANIFEST_NAME = 'staticfiles.json';

/** The text of a manifest, and the hash of what it says. */
export interface Manifest {
  readonly text: string;
  readonly hash: string;
}

/** The name of the details beside a manifest: `staticfiles.details.json`. */
export function detailsNameOf(manifestName: string): string {
  return manifestName.replace(/\.json$/, '.details.json');
}

/**
 * The manifest of a run: which logical path is published under which name. Its form is Django's, so that Django reads it
 * as it is (docs/manifest.md).
 */
export function buildManifest(outputs: readonly Output[]): Manifest {
  const paths = publicPathsOf(outputs);
  const hashing = createHash('md5');
  const lines: string[] = [];
  for (const logicalPath of sortedByCodePoint(paths.keys())) {
    const names = [logicalPath, paths.get(logicalPath)!] as const;
    // By hand: an object would put a file named `10` first.
    lines.push(names.map(toJson).join(': '));
    hashing.update(`${lines.length === 1 ? '[' : ', '}[${names.map(pythonJson).join(', ')}]`);
  }
  hashing.update(lines.length === 0 ? '[]' : ']');
  const hash = hashing.digest('hex').slice(0, 12);
  const object = lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n}`;
  return { text: `{"paths": ${object}, "version": "1.1", "hash": "${hash}"}\n`, hash };
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
