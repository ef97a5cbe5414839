import { readRegularFileSync } from '../../files/bytes.js';
import { type FileStamp, readStamp, sameStamp } from '../../files/stamp.js';
import { findStaticFile } from '../../finders/find.js';
import type { FindContext, Finder } from '../../finders/finder.js';
import type { StaticFile } from '../../model/static-file.js';
import { positionsOf } from '../../references/position.js';
import type { Reference } from '../../references/reference.js';
import { isOnlyWithFile, needsFile } from '../../references/reference-kinds.js';
import { createResolver } from '../../references/resolve.js';
import { builtInScannerFor, loadScanners } from '../../references/scanners.js';

/** Reports each missing reference in a file, so that you see during development what would fail `collectstatic`. */
export type CheckReferences = (file: StaticFile) => Promise<void>;

const RULES = { isWebManifest: (logicalPath: string) => logicalPath.endsWith('.webmanifest'), html: false };

/**
 * Returns a check of the project's own style sheets, scripts, SVGs and web manifests. A file is checked again when it has
 * changed. Source maps may be missing, as in `collectstatic`.
 *
 * @param warn called for each missing reference; the message begins with `file:line:column`
 */
export function referenceChecker(
  finders: readonly Finder[],
  context: FindContext,
  staticUrl: string,
  warn: (message: string) => void,
): CheckReferences {
  const resolve = createResolver(staticUrl);
  const checked = new Map<string, FileStamp>();

  async function isMissing(reference: Reference, logicalPath: string): Promise<boolean> {
    if (mayBeMissing(reference)) return false;
    const resolution = resolve(reference.url, logicalPath);
    if ('isShared' in resolution) return false;
    if (needsFile(reference)) {
      if ('folder' in resolution) return true;
      if ('logicalPath' in resolution)
        return (await findStaticFile(finders, resolution.logicalPath, context)) === undefined;
    }
    if (!('logicalPath' in resolution)) return false;
    for (const finder of finders)
      if ((await finder.find(resolution.logicalPath, context)).length > 0) return false; // folders count
    return true;
  }

  return async ({ logicalPath, sourcePath, root }) => {
    const { scanner: name } = builtInScannerFor(logicalPath, RULES);
    if (root.vendor || typeof name !== 'string' || name === '') return;
    const before = checked.get(sourcePath);
    const now = readStamp(sourcePath);
    if (before && sameStamp(before, now)) return;
    checked.set(sourcePath, now);
    const scan = (await loadScanners([name])).get(name)!;
    const bytes = readRegularFileSync(sourcePath);
    const missing: Reference[] = [];
    const { references, encoding } = scan(bytes);
    for (const reference of references) if (await isMissing(reference, logicalPath)) missing.push(reference);
    const positions = positionsOf(
      bytes,
      missing.map(({ start }) => start),
      encoding,
    );
    missing.forEach(({ url }, index) => {
      const { line, column } = positions[index]!;
      warn(`${sourcePath}:${line}:${column}: '${url}' not found.`);
    });
  };
}

/** Whether `collectstatic` does not fail if the file is missing. */
function mayBeMissing({ kind, customProperty, isIgnored = false }: Reference): boolean {
  return kind.endsWith('source-map') || isOnlyWithFile(kind) || customProperty !== undefined || isIgnored;
}
