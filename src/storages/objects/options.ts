import * as v from 'valibot';
import { checkOptions, flag, record, wholeNumber, withoutUndefined } from '../../plugins/options.js';
import type { HeaderRule } from './headers.js';

/** The options that all services share. */
export interface ObjectStorageOptions {
  /** What keys begin with, before the public path: `static` or `static/`. Default none. */
  readonly prefix?: string;
  /** The URL of the published files. Ends in `/`. Default: `staticUrl`. */
  readonly publicUrl?: string;
  /** Headers by globs of public paths. All globs that match apply; later ones override earlier ones. */
  readonly headers?: Readonly<Record<string, HeaderRule>>;
  /** How many seconds caches may keep files without a fingerprint in their name. Default 60. */
  readonly maxAge?: number;
  /** `inline`: store files that have a variant as that variant, under their own name. */
  readonly encoding?: 'inline';
  /** Whether to keep an index object that lists what is published. Default true. */
  readonly index?: boolean;
  /**
   * `false` for services that refuse conditional writes. Two runs at once are then kept apart by waiting, which is a weaker
   * protection. Services that ignore conditions are detected.
   */
  readonly conditional?: false;
  /** How many requests are made at a time. */
  readonly concurrency?: number;
}

type Checked = Omit<ObjectStorageOptions, 'prefix' | 'index'> & {
  readonly prefix: string;
  readonly index: boolean;
};

const PREFIX = 'a path without a slash at its start';

const PUBLIC_URL = "a URL that ends in '/'";

/** Options that all object storages take. */
export const OBJECT_OPTIONS = {
  prefix: v.optional(v.pipe(v.string(PREFIX), v.check(isPrefix, PREFIX))),
  publicUrl: v.optional(v.pipe(v.string(PUBLIC_URL), v.check(isPublicUrl, PUBLIC_URL))),
  headers: v.optional(record('an object of headers by globs')),
  maxAge: v.optional(wholeNumber(0, ' of seconds')),
  encoding: v.optional(v.literal('inline', "'inline'")),
  index: v.optional(flag),
  conditional: v.optional(v.literal(false, 'false')),
  concurrency: v.optional(wholeNumber(1)),
} satisfies Record<keyof ObjectStorageOptions, v.GenericSchema>;

/** The names of the options that {@link ObjectStorageOptions} has. */
const SHARED_OPTIONS = Object.keys(OBJECT_OPTIONS) as readonly (keyof ObjectStorageOptions)[];

/**
 * Checks the options and adds the defaults.
 *
 * @throws StaticFilesError `settings` with all problems
 */
export function checkedOptions(options: ObjectStorageOptions, storage: string): Checked {
  checkOptions({ plugin: `storage '${storage}'`, entries: OBJECT_OPTIONS }, options);
  const { prefix = '', index = true, ...others } = withoutUndefined(options);
  return { ...others, index, prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/` };
}

function isPrefix(value: string): boolean {
  return !/^\/|\/\/|(?:^|\/)\.\.?(?:\/|$)|\0/.test(value);
}

function isPublicUrl(value: string): boolean {
  return value.endsWith('/') && (value.startsWith('/') || URL.canParse(value));
}

/** Splits the options of a storage into those of the service and those that all services share. */
export function splitOptions<Options extends object>(
  options: Options & ObjectStorageOptions,
): readonly [own: Options, shared: ObjectStorageOptions] {
  const isShared = ([name]: [string, unknown]) => (SHARED_OPTIONS as readonly string[]).includes(name);
  const entries = Object.entries(options);
  const shared: ObjectStorageOptions = Object.fromEntries(entries.filter(isShared));
  const own = Object.fromEntries(entries.filter((entry) => !isShared(entry)));
  // Both need it: the store prepares for that many requests at a time.
  const { concurrency } = shared;
  return [{ ...own, ...(concurrency !== undefined && { concurrency }) } as Options, shared];
}
