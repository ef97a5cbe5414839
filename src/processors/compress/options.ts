import * as v from 'valibot';
import type { CodingName } from '../../model/content-encoding.js';
import { ENCODINGS, isSupported } from '../../model/encode.js';
import { checkOptions, flag, invalidOption, type OptionsRules } from '../../plugins/options.js';

/** The options of `compress`. */
export interface CompressOptions {
  /** Which variants are made: `gzip` and `br` unless given; `zstd` where the runtime has it. */
  readonly encodings?: readonly CodingName[];
  /** Whether plain names that have a fingerprinted one beside them get variants too. Default false. */
  readonly originals?: boolean;
}

const NAMES = Object.keys(ENCODINGS);

export const COMPRESS_OPTIONS: OptionsRules = {
  plugin: "processor 'compress'",
  entries: {
    encodings: v.optional(v.array(v.picklist(NAMES, `one of ${NAMES.join(', ')}`), `a list of ${NAMES.join(', ')}`)),
    originals: v.optional(flag),
  } satisfies Record<keyof CompressOptions, v.GenericSchema>,
};

/**
 * Completes the options.
 *
 * @throws StaticFilesError `settings` with all that is wrong with them
 */
export function compressRules(options: CompressOptions): Required<CompressOptions> {
  checkOptions(COMPRESS_OPTIONS, options);
  const { encodings = ['gzip', 'br'], originals = false } = options;
  if (encodings.includes('zstd') && !isSupported('zstd')) {
    const message = `Node.js ${process.version} has no 'zstd'.`;
    throw invalidOption(COMPRESS_OPTIONS.plugin, 'encodings', message, 'Leave it out, or run Node.js 22.15 or newer.');
  }
  return { encodings, originals };
}
