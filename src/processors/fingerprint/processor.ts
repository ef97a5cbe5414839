import type { Processor } from '../processor.js';
import { type FingerprintOptions, fingerprintRules, globsIn } from './options.js';

export type { FingerprintOptions } from './options.js';

/**
 * Returns the processor that puts a hash of the content into each file's name and rewrites all references to match.
 * Requires the manifest, in which applications look names up.
 *
 * @throws StaticFilesError `settings` for invalid options
 * @example
 * const processor = fingerprint({ exclude: ['robots.txt'] });
 */
export function fingerprint(options: FingerprintOptions = {}): Processor {
  const rules = fingerprintRules(options);
  return {
    name: 'fingerprint',
    needsManifest: true,
    cacheVersion: 'staticfiles fingerprint',
    globs: globsIn(options),
    async process(outputs, context) {
      // A run for which nothing has changed processes nothing, and should not load what that takes.
      const { fingerprintAll } = await import('./fingerprint.js');
      return fingerprintAll(outputs, rules, context);
    },
  };
}
