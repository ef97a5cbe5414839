import { StaticFilesError } from '../../errors.js';
import type { CodingName } from '../../model/content-encoding.js';
import { ENCODINGS, isSupported } from '../../model/encode.js';

/** The options of `compress`. */
export interface CompressOptions {
  /** Which variants are made: `gzip` and `br` unless given; `zstd` where the runtime has it. */
  readonly encodings?: readonly CodingName[];
  /** Whether plain names that have a fingerprinted one beside them get variants too. Default false. */
  readonly originals?: boolean;
}

const KEYS: readonly string[] = ['encodings', 'originals'];

/**
 * Completes the options.
 *
 * @throws StaticFilesError `settings` with all that is wrong with them
 */
export function compressRules(options: CompressOptions): Required<CompressOptions> {
  const problems = [...problemsOf({ ...options })];
  if (problems.length > 0) throw new StaticFilesError('settings', problems.join('\n'));
  const { encodings = ['gzip', 'br'], originals = false } = options;
  return { encodings, originals };
}

function* problemsOf(options: Readonly<Record<string, unknown>>): Generator<string> {
  for (const key of Object.keys(options)) {
    if (!KEYS.includes(key))
      yield `Unknown option '${key}' of the processor 'compress'. Allowed are: ${KEYS.join(', ')}.`;
  }
  const { encodings, originals } = options;
  if (originals !== undefined && typeof originals !== 'boolean')
    yield wrong('originals', originals, 'true or false');
  if (encodings === undefined) return;
  const names = Object.keys(ENCODINGS);
  if (!Array.isArray(encodings) || !encodings.every((name) => names.includes(name))) {
    yield wrong('encodings', encodings, `a list of ${names.join(', ')}`);
  } else if (encodings.includes('zstd') && !isSupported('zstd')) {
    yield `The option 'encodings' of the processor 'compress' has 'zstd', which Node.js ${process.version} lacks. Leave it out, or run Node.js 22.15 or newer.`;
  }
}

function wrong(name: string, value: unknown, expected: string): string {
  return `The option '${name}' of the processor 'compress' is ${JSON.stringify(value)}; expected ${expected}.`;
}
