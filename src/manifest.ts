import { createHash } from 'node:crypto';
import type { Output } from './output.js';
import { sortedByCodePoint } from './paths.js';

/** The manifest in which applications look up public paths. docs/manifest.md specifies it. */
export interface Manifest {
  /** JSON in ASCII, byte for byte what Django writes for the same paths. */
  readonly text: string;
  /** What identifies this set of paths: 12 hexadecimal digits. */
  readonly hash: string;
}

/** The form that Django reads: https://docs.djangoproject.com/en/stable/ref/contrib/staticfiles/#manifeststaticfilesstorage */
const VERSION = '1.1';

/**
 * Makes the manifest of what the outputs say of themselves.
 *
 * @example
 * buildManifest([{ logicalPath: 'a.css', publicPath: 'a.27e20196a850.css', body }]).text;
 * // {"paths": {"a.css": "a.27e20196a850.css"}, "version": "1.1", "hash": "…"}
 */
export function buildManifest(outputs: readonly Output[]): Manifest {
  const published = publicPaths(outputs);
  const pairs = sortedByCodePoint(published.keys()).map((logicalPath) => [
    asciiJson(logicalPath),
    asciiJson(published.get(logicalPath)!),
  ]);
  const hash = hashOf(pairs);
  // By hand: an object would move a file named `10` to the front.
  const paths = pairs.map(([logicalPath, publicPath]) => `${logicalPath}: ${publicPath}`).join(', ');
  return { text: `{"paths": {${paths}}, "version": "${VERSION}", "hash": "${hash}"}`, hash };
}

/** The name of the details beside a manifest: `staticfiles.json` → `staticfiles.details.json`. */
export function detailsNameOf(manifestName: string): string {
  return manifestName.replace(/\.json$/, '.details.json');
}

/** The name under which each logical path is to be served. A new name wins over the own one, a later over an earlier. */
function publicPaths(outputs: readonly Output[]): Map<string, string> {
  const paths = new Map<string, string>();
  for (const { logicalPath, publicPath, variantOf } of outputs) {
    if (variantOf !== undefined || (publicPath === logicalPath && paths.has(logicalPath))) continue;
    paths.set(logicalPath, publicPath);
  }
  return paths;
}

/** As Django computes it: the MD5 of what Python's `json.dumps(sorted(paths.items()))` gives. */
function hashOf(pairs: readonly (readonly string[])[]): string {
  const list = `[${pairs.map((pair) => `[${pair.join(', ')}]`).join(', ')}]`;
  return createHash('md5').update(list).digest('hex').slice(0, 12);
}

/** A string as Python's `json.dumps` writes it, which also escapes DEL. */
function asciiJson(text: string): string {
  return JSON.stringify(text).replace(/[\x7f-\uffff]/g, escapeUnit);
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
