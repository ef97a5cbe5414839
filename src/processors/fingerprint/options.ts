import picomatch from 'picomatch';
import * as v from 'valibot';
import { StaticFilesError } from '../../errors.js';
import { nearestNames } from '../../nearest-names.js';

/** What happens to a reference that leads nowhere. */
export type MissingAction = 'error' | 'warn' | 'ignore';

export interface FingerprintOptions {
  /** An algorithm of `node:crypto`, and how many hexadecimal digits of it. Default MD5 and 12, as in Django. */
  readonly hash?: { readonly algorithm?: string; readonly length?: number };
  /** Whether files are published under their plain names too. Default true. */
  readonly originals?: boolean;
  /** Globs of logical paths that keep their names, yet are rewritten inside: `robots.txt`, a service worker. */
  readonly exclude?: readonly string[];
  /** Globs of logical paths whose names a bundler has hashed: they keep their names and bytes. */
  readonly prehashed?: readonly string[];
  /** Which references are rewritten. All by default. */
  readonly references?: {
    readonly css?: boolean;
    readonly javascript?: boolean;
    readonly sourceMaps?: boolean;
  };
  /** References that lead nowhere. By default an error in the project's own files, a warning in npm packages and for source maps. */
  readonly missing?: MissingAction;
}

/** The options, complete. */
export interface FingerprintRules {
  readonly algorithm: string;
  readonly length: number;
  readonly originals: boolean;
  isExcluded(logicalPath: string): boolean;
  isPrehashed(logicalPath: string): boolean;
  readonly references: { readonly css: boolean; readonly javascript: boolean; readonly sourceMaps: boolean };
  readonly missing: MissingAction | undefined;
}

const ALGORITHMS = ['md5', 'sha1', 'sha256', 'sha384', 'sha512'] as const;
const flag = v.optional(v.boolean('true or false'));
const globs = v.optional(v.array(v.string('a glob'), 'a list of globs'));
const digits = v.pipe(
  v.number('a number'),
  v.integer('a whole number'),
  v.minValue(8, 'at least 8'),
  v.maxValue(32, 'at most 32'),
);

const schemas = {
  hash: v.optional(
    v.strictObject(
      { algorithm: v.optional(v.picklist(ALGORITHMS, ALGORITHMS.join(', '))), length: v.optional(digits) },
      'an object with the keys algorithm and length',
    ),
  ),
  originals: flag,
  exclude: globs,
  prehashed: globs,
  references: v.optional(
    v.strictObject(
      { css: flag, javascript: flag, sourceMaps: flag },
      'an object with the keys css, javascript and sourceMaps',
    ),
  ),
  missing: v.optional(v.picklist(['error', 'warn', 'ignore'], "'error', 'warn' or 'ignore'")),
};

/**
 * Completes the options.
 *
 * @throws StaticFilesError `settings` with all that is wrong with them
 */
export function fingerprintRules(options: FingerprintOptions): FingerprintRules {
  const problems = [...unknownOptions(options), ...wrongOptions(options)];
  if (problems.length > 0) throw new StaticFilesError('settings', problems.join('\n'));
  const { hash = {}, originals = true, exclude = [], prehashed = [], references = {}, missing } = options;
  const { css = true, javascript = true, sourceMaps = true } = references;
  return {
    algorithm: hash.algorithm ?? 'md5',
    length: hash.length ?? 12,
    originals,
    isExcluded: matcher(exclude),
    isPrehashed: matcher(prehashed),
    references: { css, javascript, sourceMaps },
    missing,
  };
}

function matcher(patterns: readonly string[]): (logicalPath: string) => boolean {
  return patterns.length === 0 ? () => false : picomatch([...patterns], { dot: true });
}

function unknownOptions(options: object): string[] {
  const known = Object.keys(schemas);
  const unknown = Object.keys(options).filter((key) => !known.includes(key));
  return unknown.map((key) => {
    const [nearest] = nearestNames(key, known);
    const hint = nearest === undefined ? `Allowed are: ${known.join(', ')}.` : `Did you mean '${nearest}'?`;
    return `Unknown option '${key}' of the processor 'fingerprint'. ${hint}`;
  });
}

function wrongOptions(options: object): string[] {
  const result = v.safeParse(v.object(schemas), options);
  if (result.success) return [];
  return result.issues.map((issue) => {
    const name = issue.path?.map(({ key }) => String(key)).join('.') ?? '';
    return `The option '${name}' of the processor 'fingerprint' is ${JSON.stringify(issue.input)}; expected ${issue.message}.`;
  });
}
