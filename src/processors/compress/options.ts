import { StaticFilesError } from '../../errors.js';
import type { CodingName } from '../../model/content-encoding.js';
import { ENCODINGS, isSupported } from '../../model/encode.js';

/** Options of `compress`. */
export interface CompressOptions {
  /** Which variants to make (default: `['gzip', 'br']`). `zstd` requires Node.js 22.15 or newer. */
  readonly encodings?: readonly CodingName[];
  /** Whether to make variants of plain names that are also published with a fingerprint (default: false). */
  readonly originals?: boolean;
}

const KEYS: readonly string[] = ['encodings', 'originals'];

/**
 * Checks the options and adds the defaults.
 *
 * @throws StaticFilesError `settings` with all problems of the options
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
