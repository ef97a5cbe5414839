/** The way a reference is written. A custom scanner may add kinds of its own. */
export type ReferenceKind =
  | 'css-url'
  | 'css-import'
  | 'css-image-set'
  | 'css-source-map'
  | 'js-import'
  | 'js-export'
  | 'js-dynamic-import'
  | 'js-new-url'
  | 'js-import-meta-resolve'
  | 'js-source-map'
  | 'webmanifest'
  | 'webmanifest-link'
  | 'svg'
  | 'svg-link'
  | 'html'
  | 'html-link'
  | 'html-json-ld'
  | (string & {});

/** A place in a file that names another file. Positions are byte offsets from the start of the file. */
export interface Reference {
  readonly kind: ReferenceKind;
  /** Start of the URL as written, after its quote or parenthesis. */
  readonly start: number;
  /** End of the URL as written, at its closing quote or parenthesis. */
  readonly end: number;
  /**
   * The URL as a browser reads it: decoded by the file's encoding, without escapes of the language and without the
   * white space that browsers drop. Percent-escapes, query and fragment stay.
   */
  readonly url: string;
  /** Where `.<fingerprint>` is inserted: before the last extension of the base name, or at its end. */
  readonly insertionOffset: number;
  /**
   * The custom property of CSS whose value contains it: `--icon`. A relative URL in it resolves where `var()` puts it
   * into another property. https://drafts.csswg.org/css-variables/#syntax
   */
  readonly customProperty?: string;
  /** Whether browsers ignore it: an `@import` after other rules, or in one. */
  readonly isIgnored?: boolean;
  /** Whether nothing closes it, so that the rest of the file is part of it. */
  readonly isUnclosed?: boolean;
  /** What the reference says that its file is: `<link rel=manifest>` makes it a web manifest. */
  readonly targetType?: 'webmanifest';
  /** Whether a folder cannot be meant, as in `<script src>`. Imports of scripts and style sheets always need a file. */
  readonly needsFile?: true;
}

/**
 * Why a reference cannot be rewritten.
 *
 * - `bare`: a module specifier that an import map or a bundler resolves, such as `lodash`
 * - `computed`: at least a part of the URL is only known at run time
 * - `undecodable`: its bytes are invalid in the file's encoding, or it contains an entity that a DTD declares
 * - `scheme`: a `data:` URL, which contains its content
 */
export type SkipReason = 'bare' | 'computed' | 'undecodable' | 'scheme';

/** A reference that cannot be rewritten. */
export interface SkippedReference {
  readonly kind: ReferenceKind;
  readonly start: number;
  readonly end: number;
  readonly reason: SkipReason;
  /** The specifier of a `bare` one. */
  readonly specifier?: string;
  /**
   * The literal parts of a `computed` URL, around each value that is only known at run time: `['./lang/', '.js']` for
   * `'./lang/' + code + '.js'`. The files that it can name keep their names. `undefined` if its beginning is unknown.
   */
  readonly parts?: readonly string[];
  /** Extensions of the files that a `computed` URL can name, if its parts do not say. */
  readonly extensions?: readonly string[];
}

/**
 * Why the references of a file are not rewritten.
 *
 * - `utf-16`, `encoding`: a scanner cannot read its encoding byte by byte
 * - `unparsable`: its syntax is invalid
 * - `base-href`: `<base href>` changes what its relative URLs resolve to
 */
export type ScanWarningCode = 'utf-16' | 'encoding' | 'unparsable' | 'base-href';

/** A problem with a whole file. */
export interface ScanWarning {
  readonly code: ScanWarningCode;
  /** Follows the file's path in the warning, so without path and full stop: `not rewritten: invalid JSON`. */
  readonly message: string;
  /** Byte offset of the problem, if it has one. */
  readonly offset?: number;
}

/** An `integrity` value in a file. It is replaced by the one of the file that its reference names. */
export interface IntegrityValue {
  readonly start: number;
  readonly end: number;
  /** The `start` of that reference. */
  readonly of: number;
}

/**
 * A hash of an inline script or style in a Content Security Policy, such as `sha256-…`. It is replaced by the one of the
 * text that is published. https://www.w3.org/TR/CSP3/#match-element-to-source-list
 */
export interface InlineHash {
  readonly start: number;
  readonly end: number;
  /** Start of the script or style in the file. */
  readonly contentStart: number;
  readonly contentEnd: number;
  /** Character references in it, which browsers replace before they compute the hash. */
  readonly escapes?: readonly { readonly start: number; readonly end: number; readonly text: string }[];
}

/** The custom properties of CSS in a file. Names begin with `--`. */
export interface CustomProperties {
  /** Those that `var()` puts into other properties. */
  readonly uses: readonly string[];
  /** Those that `var()` puts into another custom property: pairs of source and destination. */
  readonly passes: readonly (readonly [from: string, to: string])[];
  /** Those with a type (`@property`). */
  readonly typed: readonly string[];
}

/** A test by which a script recognises a URL that it looks up at run time, such as that of its own element. */
export interface UrlTest {
  /** Whether the URL is that of a script, or of an image in a style sheet. */
  readonly of: 'script' | 'image';
  /**
   * Whether the URL has to match a regular expression, contain a text, or end with it. `name` is a text of which only the
   * position is known, so it counts if it is the script's own name.
   */
  readonly by: 'pattern' | 'text' | 'end' | 'name';
  /** The text, or the source of the regular expression. */
  readonly text: string;
}

/** The result of a scanner. Lists are sorted by `start`; references do not overlap. */
export interface Scan {
  readonly references: readonly Reference[];
  readonly skipped: readonly SkippedReference[];
  readonly warnings: readonly ScanWarning[];
  /**
   * Integrity values, sorted by `start`. They do not overlap references. They are updated in files that keep their
   * names or that no other file refers to. In others a warning says that they are not: the name would depend on bytes
   * that depend on the name.
   */
  readonly integrities?: readonly IntegrityValue[];
  /** Hashes of inline scripts and styles, sorted by `start`. They are updated in the same files as `integrities`. */
  readonly inlineHashes?: readonly InlineHash[];
  /** Custom properties of CSS; `undefined` if there are none. */
  readonly customProperties?: CustomProperties;
  /** The file's encoding, as a label of `TextDecoder`; `undefined` for UTF-8. */
  readonly encoding?: string;
  /** Tests that may fail with a fingerprint in the URL. */
  readonly urlTests?: readonly UrlTest[];
}

/**
 * Finds the references in a file's bytes. A pure function: it opens no files and does not change the bytes.
 *
 * @example
 * const scanManifest: Scanner = (bytes) => {
 *   const start = bytes.indexOf('icon.png');
 *   const references = start === -1 ? [] : [plainReference(bytes, start, start + 8, 'web-manifest-icon')];
 *   return { references, skipped: [], warnings: [] };
 * };
 */
export type Scanner = (bytes: Buffer) => Scan;
