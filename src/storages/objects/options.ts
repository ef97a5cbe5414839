import { StaticFilesError } from '../../errors.js';
import { isRecord } from '../../json.js';
import type { HeaderRule } from './header-rules.js';

/** What all storages that are services of objects take. */
export interface ObjectStorageOptions {
  /** What keys begin with, before the public path: `static` or `static/`. */
  readonly prefix?: string;
  /** Where browsers reach what is below the prefix; `staticUrl` unless given. */
  readonly publicUrl?: string;
  /** By globs of public paths, all that match, later ones over earlier ones. */
  readonly headers?: Readonly<Record<string, HeaderRule>>;
  /** For how many seconds caches may keep what has no fingerprint in its name. Default 60. */
  readonly maxAge?: number;
  /** `inline`: what has compressed variants is stored as one of them, under its own name. */
  readonly encoding?: 'inline';
  /** Whether an index object is kept, by which the next run knows what is there. Default true. */
  readonly index?: boolean;
  /** How many requests are under way at a time. */
  readonly concurrency?: number;
}

type Checked = Omit<ObjectStorageOptions, 'prefix' | 'index'> & {
  readonly prefix: string;
  readonly index: boolean;
};

const EXPECTED = {
  prefix: ['a path without a slash at its start', isPrefix],
  publicUrl: ["a URL that ends in '/'", isPublicUrl],
  headers: ['an object of headers by globs', isRecord],
  maxAge: ['a number of seconds', (value: unknown) => isInteger(value, 0)],
  encoding: ["'inline'", (value: unknown) => value === 'inline'],
  index: ['true or false', (value: unknown) => typeof value === 'boolean'],
  concurrency: ['a number of requests', (value: unknown) => isInteger(value, 1)],
} as const;

/** The names of the options that {@link ObjectStorageOptions} has. */
export const SHARED_OPTIONS = Object.keys(EXPECTED) as readonly (keyof ObjectStorageOptions)[];

/**
 * Completes the options.
 *
 * @throws StaticFilesError `settings` with all that is wrong with them
 */
export function checkedOptions(options: ObjectStorageOptions, storage: string): Checked {
  const problems = [...problemsOf({ ...options }, storage)];
  if (problems.length > 0) throw new StaticFilesError('settings', problems.join('\n'));
  const { prefix = '', index = true, ...others } = options;
  return { ...others, index, prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/` };
}

function* problemsOf(options: Readonly<Record<string, unknown>>, storage: string): Generator<string> {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const [expected, fits] = EXPECTED[name as keyof ObjectStorageOptions] ?? [];
    if (fits === undefined) {
      yield `Unknown option '${name}' of the storage '${storage}'. Allowed are: ${SHARED_OPTIONS.join(', ')}.`;
    } else if (!fits(value)) {
      yield `The option '${name}' of the storage '${storage}' is ${JSON.stringify(value)}; expected ${expected}.`;
    }
  }
}

function isPrefix(value: unknown): boolean {
  return typeof value === 'string' && !/^\/|\/\/|(?:^|\/)\.\.?(?:\/|$)|\0/.test(value);
}

function isPublicUrl(value: unknown): boolean {
  return typeof value === 'string' && value.endsWith('/') && (value.startsWith('/') || URL.canParse(value));
}

function isInteger(value: unknown, least: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= least;
}
