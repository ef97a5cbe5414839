import * as v from 'valibot';
import type { CodingName } from '../../model/content-encoding.js';
import { ENCODINGS, isSupported } from '../../model/encode.js';
import { checkOptions, flag, invalidOption, type OptionsRules } from '../../plugins/options.js';

/** Options of `compress`. */
export interface CompressOptions {
  /** Which variants to make (default: `['gzip', 'br']`). `zstd` requires Node.js 22.15 or newer. */
  readonly encodings?: readonly CodingName[];
  /** Whether to make variants of plain names that are also published with a fingerprint (default: false). */
  readonly originals?: boolean;
}

const NAMES = Object.keys(ENCODINGS);

export const COMPRESS_OPTIONS: OptionsRules = {
  plugin: "processor 'compress'",
  entries: {
    encodings: v.optional(
      v.array(v.picklist(NAMES, `one of ${NAMES.join(', ')}`), `a list of ${NAMES.join(', ')}`),
    ),
    originals: v.optional(flag),
  } satisfies Record<keyof CompressOptions, v.GenericSchema>,
};

/**
 * Checks the options and adds the defaults.
 *
 * @throws StaticFilesError `settings` with all problems of the options
 */
export function compressRules(options: CompressOptions): Required<CompressOptions> {
  checkOptions(COMPRESS_OPTIONS, options);
  const { encodings = ['gzip', 'br'], originals = false } = options;
  if (encodings.includes('zstd') && !isSupported('zstd')) {
    const message = `Node.js ${process.version} has no 'zstd'.`;
    throw invalidOption(
      COMPRESS_OPTIONS.plugin,
      'encodings',
      message,
      'Leave it out, or run Node.js 22.15 or newer.',
    );
  }
  return { encodings, originals };
}
