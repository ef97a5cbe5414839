import type { Processor } from '../processor.js';
import { type CompressOptions, compressRules } from './options.js';

export type { CompressOptions } from './options.js';

/**
 * Returns the processor that adds compressed variants of files that become smaller: `app.css.gz`, `app.css.br`.
 *
 * @throws StaticFilesError `settings` for invalid options
 * @example
 * const processor = compress({ encodings: ['gzip', 'br'] });
 */
export function compress(options: CompressOptions = {}): Processor {
  const rules = compressRules(options);
  return {
    name: 'compress',
    async process(outputs, context) {
      // A run for which nothing has changed processes nothing, and should not load what that takes.
      const { compressAll } = await import('./compress.js');
      return compressAll(outputs, rules, context);
    },
  };
}
