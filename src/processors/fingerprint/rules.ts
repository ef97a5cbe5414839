import picomatch from 'picomatch';
import type { RewrittenKinds } from './kinds.js';
import { type MissingPolicy, missingPolicy } from './missing-policy.js';
import { assertOptions, type FingerprintOptions } from './options.js';
import { ownScanners } from './own-scanner.js';
import { builtInScannerFor, type ChosenScanner } from './scanners.js';

/** The options, complete. */
export interface FingerprintRules {
  readonly algorithm: string;
  readonly length: number;
  readonly originals: boolean;
  isExcluded(logicalPath: string): boolean;
  isPrehashed(logicalPath: string): boolean;
  readonly references: RewrittenKinds;
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
  const { css = true, javascript = true, sourceMaps = true, scanners = [] } = references;
  const ownScannerFor = ownScanners(scanners);
  return {
    algorithm: hash.algorithm ?? 'md5',
    length: hash.length ?? 12,
    originals,
    isExcluded: matcher(exclude),
    isPrehashed: matcher(prehashed),
    references: { css, javascript, sourceMaps },
    scannerFor: (logicalPath) => ownScannerFor(logicalPath) ?? builtInScannerFor(logicalPath),
    missing: missingPolicy(missing),
  };
}

function matcher(patterns: readonly string[]): (logicalPath: string) => boolean {
  return patterns.length === 0 ? () => false : picomatch([...patterns], { dot: true });
}
