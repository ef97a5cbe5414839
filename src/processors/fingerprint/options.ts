import picomatch from 'picomatch';
import * as v from 'valibot';
import {
  checkOptions,
  flag,
  type OptionsRules,
  oneOf,
  record,
  strict,
  wholeNumber,
} from '../../plugins/options.js';
import { customScanners, type ScannerOption } from '../../references/custom-scanners.js';
import type { ExtraAttributes } from '../../references/markup/html-attributes.js';
import { builtInScannerFor, type ChosenScanner } from '../../references/scanners.js';
import {
  type MissingAction,
  type MissingPolicy,
  type MissingRule,
  missingPolicy,
  type RewrittenKinds,
} from './reference-rules.js';

/** Options of `fingerprint`. */
export interface FingerprintOptions {
  /**
   * `algorithm`: `md5`, `sha1`, `sha256`, `sha384` or `sha512` (default: `md5`, as in Django).
   * `length`: hexadecimal digits in a name, 8 to 32 (default: 12).
   */
  readonly hash?: { readonly algorithm?: string; readonly length?: number };
  /** Whether to publish files under their plain names too (default: true). */
  readonly originals?: boolean;
  /** Globs of logical paths that keep their names. Their references are rewritten: `robots.txt`, a service worker. */
  readonly exclude?: readonly string[];
  /** Globs of logical paths that a bundler has named by content. They keep their names and bytes, and are immutable. */
  readonly prehashed?: readonly string[];
  /**
   * What happens to files that a computed `import()` or `new URL(…, import.meta.url)` can name. `keep` (default): they
   * keep their names. `ignore`: they get fingerprints. Globs of logical paths: computed URLs in these files, and of these
   * files, are ignored.
   */
  readonly computed?: 'keep' | 'ignore' | readonly string[];
  /** Which references to rewrite (default: all but HTML). */
  readonly references?: {
    readonly css?: boolean;
    readonly javascript?: boolean;
    /** Comments that name source maps, in style sheets and scripts. */
    readonly sourceMaps?: boolean;
    readonly svg?: boolean;
    /** `.webmanifest` files. Globs add `.json` files that are web manifests. */
    readonly webmanifest?: boolean | readonly string[];
    /**
     * HTML files (default: false). Unless false, they keep their names and their references are rewritten. `attributes`
     * names further attributes with URLs, by element: `{ "attributes": { "img": ["data-src"] } }`.
     */
    readonly html?:
      | boolean
      | {
          /** Further attributes with URLs, by element; `*` for all elements: `{ "img": ["data-src"] }`. */
          readonly attributes?: Readonly<Record<string, readonly string[]>>;
        };
    /** Custom scanners, for other types of files. */
    readonly scanners?: readonly ScannerOption[];
  };
  /**
   * What happens to missing references: one action for all, or rules, of which the first that applies decides. By
   * default they are errors in your own files, and warnings in npm packages and for source maps.
   */
  readonly missing?: MissingAction | readonly MissingRule[];
}

const ALGORITHMS = ['md5', 'sha1', 'sha256', 'sha384', 'sha512'] as const;

const globs = v.array(v.string('a glob'), 'a list of globs');

const digits = wholeNumber(8, '', 32);

const action = v.picklist(['error', 'warn', 'ignore'], "'error', 'warn' or 'ignore'");

/** A glob, or a list of them. */
const someGlobs = oneOf<string | string[]>(
  [Array.isArray, globs],
  [() => true, v.string('a glob or a list of globs')],
);

const missingRule = strict(
  { files: v.optional(someGlobs), kinds: v.optional(v.array(v.string('a kind'), 'a list of kinds')), action },
  'an object with the keys files, kinds and action',
);

const htmlOptions = strict(
  {
    attributes: v.optional(
      v.pipe(
        record('an object with lists of attributes by element'),
        v.record(v.string(), v.array(v.string('the name of an attribute'), 'a list of attributes')),
      ),
    ),
  },
  'an object with the key attributes',
);

/** @param scan the schema of a scanner: the settings also take the path of its module */
export function fingerprintOptions(scan: v.GenericSchema): OptionsRules {
  const scanner = strict(
    { files: someGlobs, scan, extends: v.optional(flag), version: v.optional(v.string('a text')) },
    'an object with the keys files, scan, extends and version',
  );
  return {
    plugin: "processor 'fingerprint'",
    entries: {
      hash: v.optional(
        strict(
          {
            algorithm: v.optional(v.picklist(ALGORITHMS, ALGORITHMS.join(', '))),
            length: v.optional(digits),
          },
          'an object with the keys algorithm and length',
        ),
      ),
      originals: v.optional(flag),
      exclude: v.optional(globs),
      prehashed: v.optional(globs),
      computed: v.optional(
        oneOf<unknown>(
          [Array.isArray, globs],
          [() => true, v.picklist(['keep', 'ignore'], "'keep', 'ignore' or a list of globs")],
        ),
      ),
      references: v.optional(
        strict(
          {
            css: v.optional(flag),
            javascript: v.optional(flag),
            sourceMaps: v.optional(flag),
            svg: v.optional(flag),
            webmanifest: v.optional(
              oneOf<boolean | string[]>(
                [Array.isArray, globs],
                [() => true, v.boolean('true, false or a list of globs')],
              ),
            ),
            html: v.optional(
              oneOf<unknown>(
                [(input) => typeof input === 'object', htmlOptions],
                [() => true, v.boolean('true, false or an object with the key attributes')],
              ),
            ),
            scanners: v.optional(v.array(scanner, 'a list of scanners')),
          },
          'an object with the keys css, javascript, sourceMaps, svg, webmanifest, html and scanners',
        ),
      ),
      missing: v.optional(oneOf<unknown>([Array.isArray, v.array(missingRule)], [() => true, action])),
    } satisfies Record<keyof FingerprintOptions, v.GenericSchema>,
  };
}

const RULES = fingerprintOptions(v.function('a scanner'));

/** The options with defaults, as functions where the options are globs. */
export interface FingerprintRules {
  readonly algorithm: string;
  readonly length: number;
  readonly originals: boolean;
  isExcluded(logicalPath: string): boolean;
  isPrehashed(logicalPath: string): boolean;
  /** Whether computed URLs in the file, and of the file, are ignored. */
  ignoresComputed(logicalPath: string): boolean;
  readonly references: RewrittenKinds;
  /** Whether HTML files are scanned and keep their names. */
  readonly keepsHtml: boolean;
  scannerFor(logicalPath: string): ChosenScanner;
  readonly missing: MissingPolicy;
}

/**
 * Checks the options and adds the defaults.
 *
 * @throws StaticFilesError `settings` with all problems of the options
 */
export function fingerprintRules(options: FingerprintOptions): FingerprintRules {
  checkOptions(RULES, options);
  const { hash = {}, originals = true, exclude = [], prehashed = [], references = {}, missing } = options;
  const { computed = 'keep' } = options;
  const { css = true, javascript = true, sourceMaps = true, svg = true, html = false } = references;
  const { webmanifest = true, scanners = [] } = references;
  const isNamedWebManifest = matcher(Array.isArray(webmanifest) ? webmanifest : []);
  const scannerRules = {
    html: typeof html === 'boolean' ? html : lowerCase(html.attributes ?? {}),
    isWebManifest: (logicalPath: string) =>
      /\.webmanifest$/i.test(logicalPath) || isNamedWebManifest(logicalPath),
  };
  const builtInFor = (logicalPath: string) => builtInScannerFor(logicalPath, scannerRules);
  const customScannerFor = customScanners(scanners, builtInFor);
  return {
    algorithm: hash.algorithm ?? 'md5',
    length: hash.length ?? 12,
    originals,
    isExcluded: matcher(exclude),
    isPrehashed: matcher(prehashed),
    ignoresComputed: typeof computed === 'string' ? () => computed === 'ignore' : matcher(computed),
    references: { css, javascript, sourceMaps, svg, webmanifest: webmanifest !== false },
    keepsHtml: html !== false,
    scannerFor: (logicalPath) => customScannerFor(logicalPath) ?? builtInFor(logicalPath),
    missing: missingPolicy(missing),
  };
}

/** Names of HTML are the same in any case. */
function lowerCase(attributes: ExtraAttributes): ExtraAttributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([element, names]) => [
      element.toLowerCase(),
      names.map((name) => name.toLowerCase()),
    ]),
  );
}

/** Returns the globs that should match a file, by the keys of their options. */
export function globsIn({
  exclude = [],
  prehashed = [],
  computed,
  missing,
}: FingerprintOptions): Record<string, string> {
  const globs: Record<string, string> = {};
  const add = (key: string, some: string | readonly string[] = []) => {
    if (typeof some === 'string') globs[key] = some;
    else for (const [index, glob] of some.entries()) globs[`${key}[${index}]`] = glob;
  };
  add('exclude', exclude);
  add('prehashed', prehashed);
  if (typeof computed === 'object') add('computed', computed);
  if (typeof missing === 'object')
    for (const [index, { files }] of missing.entries()) add(`missing[${index}].files`, files);
  return globs;
}

function matcher(patterns: readonly string[]): (logicalPath: string) => boolean {
  return patterns.length === 0 ? () => false : picomatch([...patterns], { dot: true });
}
