import { createHash } from 'node:crypto';
import { StaticFilesError } from './errors.js';
import type { Output } from './output.js';
import { compareCodePoints } from './paths.js';

/** The name of the manifest, as Django has it. */
const MANIFEST_NAME = 'staticfiles.json';

type Entry = readonly [logicalPath: string, publicPath: string];

/**
 * The manifest of a run as an output: which logical path is published under which name. Its form is Django's, so that
 * Django reads it as it is (docs/manifest.md).
 *
 * @throws StaticFilesError `source` where a static file has the manifest's name
 */
export function manifestOutput(outputs: readonly Output[]): Output {
  const taken = outputs.find(({ publicPath }) => publicPath === MANIFEST_NAME);
  if (taken !== undefined) {
    const where = taken.source?.sourcePath ?? taken.logicalPath;
    throw new StaticFilesError(
      'source',
      `'${where}' would be published as '${MANIFEST_NAME}', which is the manifest's name. Rename or ignore it.`,
    );
  }
  const bytes = Buffer.from(manifestText(manifestEntries(outputs)));
  return { logicalPath: MANIFEST_NAME, publicPath: MANIFEST_NAME, body: { bytes }, role: 'manifest' };
}

/** For each logical path the name it was given, or else its own; in code-point order. */
function manifestEntries(outputs: readonly Output[]): readonly Entry[] {
  const paths = new Map<string, string>();
  for (const { logicalPath, publicPath, variantOf } of outputs) {
    const renamed = publicPath !== logicalPath;
    if (variantOf === undefined && (renamed || !paths.has(logicalPath))) paths.set(logicalPath, publicPath);
  }
  return [...paths].sort(([a], [b]) => compareCodePoints(a, b));
}

/** The text of a manifest with these entries. By hand: an object would put a file named `10` first. */
export function manifestText(entries: readonly Entry[]): string {
  const lines = entries.map(
    ([logicalPath, publicPath]) => `${JSON.stringify(logicalPath)}: ${JSON.stringify(publicPath)}`,
  );
  const paths = lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n}`;
  return `{"paths": ${paths}, "version": "1.1", "hash": "${djangoHash(entries)}"}\n`;
}

/**
 * As Django computes it: of Python's `json.dumps(sorted(paths.items()))`.
 * https://github.com/django/django/blob/main/django/contrib/staticfiles/storage.py
 */
function djangoHash(entries: readonly Entry[]): string {
  const pairs = entries.map(
    ([logicalPath, publicPath]) => `[${pythonJson(logicalPath)}, ${pythonJson(publicPath)}]`,
  );
  return createHash('md5')
    .update(`[${pairs.join(', ')}]`)
    .digest('hex')
    .slice(0, 12);
}

/** Python escapes all but printable ASCII. */
function pythonJson(text: string): string {
  return JSON.stringify(text).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
