import { readRegularFileSync } from '../../files/bytes.js';
import { type FileStamp, readStamp, sameStamp } from '../../files/stamp.js';
import type { FindContext, Finder } from '../../finders/finder.js';
import type { StaticFile } from '../../model/static-file.js';
import { positionsOf } from '../../references/position.js';
import type { Reference } from '../../references/reference.js';
import { createResolver } from '../../references/resolve.js';
import { builtInScannerFor, loadScanners } from '../../references/scanners.js';

/** Tells of each reference in a file that leads to no static file: so that what fails when it is collected fails here. */
export type CheckReferences = (file: StaticFile) => Promise<void>;

const RULES = { isWebManifest: (logicalPath: string) => logicalPath.endsWith('.webmanifest'), html: false };

/**
 * Checks style sheets, scripts, SVGs and web manifests of the project's own, each anew when it has changed. Source
 * maps may be missing, as when they are collected.
 *
 * @param warn given one message for each broken reference, with the file, line and column
 */
export function referenceChecker(
  finders: readonly Finder[],
  context: FindContext,
  staticUrl: string,
  warn: (message: string) => void,
): CheckReferences {
  const resolve = createResolver(staticUrl);
  const checked = new Map<string, FileStamp>();

  async function isBroken({ url, kind }: Reference, logicalPath: string): Promise<boolean> {
    if (kind.endsWith('source-map')) return false;
    const resolution = resolve(url, logicalPath);
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
    const broken: Reference[] = [];
    for (const reference of scan(bytes).references)
      if (await isBroken(reference, logicalPath)) broken.push(reference);
    const positions = positionsOf(
      bytes,
      broken.map(({ start }) => start),
    );
    broken.forEach(({ url }, index) => {
      const { line, column } = positions[index]!;
      warn(`${sourcePath}:${line}:${column}: '${url}' not found.`);
    });
  };
}
