import * as v from 'valibot';
import { checkOptions, flag, wholeNumber, withoutUndefined } from '../../plugins/options.js';
import { isRecord } from '../../text/json.js';
import type { HeaderRule } from './headers.js';

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
  /**
   * `false` for services without conditional writes: two runs at once are then told apart by waiting, which is weaker.
   * Otherwise services that ignore conditions are found out.
   */
  readonly conditional?: false;
  /** How many requests are under way at a time. */
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
  headers: v.optional(v.custom(isRecord, 'an object of headers by globs')),
  maxAge: v.optional(wholeNumber(0, ' of seconds')),
  encoding: v.optional(v.literal('inline', "'inline'")),
  index: v.optional(flag),
  conditional: v.optional(v.literal(false, 'false')),
  concurrency: v.optional(wholeNumber(1)),
} satisfies Record<keyof ObjectStorageOptions, v.GenericSchema>;

/** The names of the options that {@link ObjectStorageOptions} has. */
export const SHARED_OPTIONS = Object.keys(OBJECT_OPTIONS) as readonly (keyof ObjectStorageOptions)[];

/**
 * Completes the options.
 *
 * @throws StaticFilesError `settings` with all that is wrong with them
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

/** The options of a service, and apart from them those that all storages of objects share. */
export function splitOptions<Options extends object>(
  options: Options & ObjectStorageOptions,
): readonly [own: Options, shared: ObjectStorageOptions] {
  const isShared = ([name]: [string, unknown]) => (SHARED_OPTIONS as readonly string[]).includes(name);
  const entries = Object.entries(options);
  const shared: ObjectStorageOptions = Object.fromEntries(entries.filter(isShared));
  const own = Object.fromEntries(entries.filter((entry) => !isShared(entry)));
  // A store prepares for as many requests at a time.
  const { concurrency } = shared;
  return [{ ...own, ...(concurrency !== undefined && { concurrency }) } as Options, shared];
}
