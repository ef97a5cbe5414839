import picomatch from 'picomatch';
import { builtInScannerFor, type ChosenScanner } from '../../references/scanners.js';
import type { RewrittenKinds } from './kinds.js';
import { type MissingPolicy, missingPolicy } from './missing-policy.js';
import { assertOptions, type FingerprintOptions } from './options.js';
import { ownScanners } from './own-scanner.js';

/** The options, complete. */
export interface FingerprintRules {
  readonly algorithm: string;
  readonly length: number;
  readonly originals: boolean;
  isExcluded(logicalPath: string): boolean;
  isPrehashed(logicalPath: string): boolean;
  readonly references: RewrittenKinds;
  /** Whether HTML is looked through, and keeps its names. */
  readonly keepsHtml: boolean;
  scannerFor(logicalPath: string): ChosenScanner;
  readonly missing: MissingPolicy;
}

/**
 * Completes the options.
 *
 * @throws StaticFilesError `settings` with all that is wrong with them
 */
export function fingerprintRules(options: FingerprintOptions): FingerprintRules {
  assertOptions(options);
  const { hash = {}, originals = true, exclude = [], prehashed = [], references = {}, missing } = options;
  const { css = true, javascript = true, sourceMaps = true, svg = true, html = false } = references;
  const { webmanifest = true, scanners = [] } = references;
  const isNamedWebManifest = matcher(Array.isArray(webmanifest) ? webmanifest : []);
  const scannerRules = {
    html,
    isWebManifest: (logicalPath: string) =>
      /\.webmanifest$/i.test(logicalPath) || isNamedWebManifest(logicalPath),
  };
  const ownScannerFor = ownScanners(scanners);
  return {
    algorithm: hash.algorithm ?? 'md5',
    length: hash.length ?? 12,
    originals,
    isExcluded: matcher(exclude),
    isPrehashed: matcher(prehashed),
    references: { css, javascript, sourceMaps, svg, webmanifest: webmanifest !== false },
    keepsHtml: html,
    scannerFor: (logicalPath) => ownScannerFor(logicalPath) ?? builtInScannerFor(logicalPath, scannerRules),
    missing: missingPolicy(missing),
  };
}

function matcher(patterns: readonly string[]): (logicalPath: string) => boolean {
  return patterns.length === 0 ? () => false : picomatch([...patterns], { dot: true });
}
