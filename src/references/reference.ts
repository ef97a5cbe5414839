/** What a reference is written as. A scanner of the user's own may name further kinds. */
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
  | 'svg'
  | 'html'
  | (string & {});

/** A place in a file that names another file. All positions are byte offsets from the file's first byte. */
export interface Reference {
  readonly kind: ReferenceKind;
  /** Where the URL as written begins: after its quote or parenthesis. */
  readonly start: number;
  /** Where it ends: at its closing quote or parenthesis. */
  readonly end: number;
  /**
   * The URL it means: escapes of the language undone, decoded by the file's encoding, without the white space
   * that browsers drop. Percent-escapes, query and fragment are still in it.
   */
  readonly url: string;
  /** Where `.<fingerprint>` is to be inserted: before the last extension of the base name, else at its end. */
  readonly insertionOffset: number;
}

/**
 * Why something that looks like a reference is none that can be rewritten.
 *
 * - `bare`: a module specifier that an import map or a bundler resolves, such as `lodash`
 * - `computed`: the URL is known at run time only
 * - `undecodable`: its bytes are not valid in the file's encoding
 */
type SkipReason = 'bare' | 'computed' | 'undecodable';

/** A reference that was found and must stay as it is. */
export interface SkippedReference {
  readonly kind: ReferenceKind;
  readonly start: number;
  readonly end: number;
  readonly reason: SkipReason;
  /** Of a `bare` one: the specifier. */
  readonly specifier?: string;
}

/**
 * Why a file was not looked through.
 *
 * - `utf-16`, `encoding`: its encoding has no byte for byte meaning that a scanner could edit
 * - `unparsable`: it is not valid in its language
 * - `base-href`: its references hang from elsewhere
 */
type ScanWarningCode = 'utf-16' | 'encoding' | 'unparsable' | 'base-href';

/** Something about a whole file that a person should know. The message is a clause without the file's name. */
export interface ScanWarning {
  readonly code: ScanWarningCode;
  /** `it is encoded in UTF-16; save it as UTF-8`. */
  readonly message: string;
}

/** An `integrity` value in a file, which follows the bytes that its reference leads to. */
export interface IntegrityValue {
  readonly start: number;
  readonly end: number;
  /** The `start` of the reference. */
  readonly of: number;
}

/** What a scanner found. Sorted by `start`; references never overlap. */
export interface Scan {
  readonly references: readonly Reference[];
  readonly skipped: readonly SkippedReference[];
  readonly warnings: readonly ScanWarning[];
  /**
   * Sorted by `start`; none overlaps a reference. Followed in files that keep their names, and in those that no other
   * file refers to: the name of another one cannot depend on bytes that depend on its name.
   */
  readonly integrities?: readonly IntegrityValue[];
}

/**
 * Finds the references in a file's bytes. A pure function: it opens no file and changes no byte.
 * `data:` URLs hold their content themselves, so they are not references.
 *
 * @example
 * const scanManifest: Scanner = (bytes) => {
 *   const start = bytes.indexOf('icon.png');
 *   const references = start === -1 ? [] : [plainReference(bytes, start, start + 8, 'web-manifest-icon')];
 *   return { references, skipped: [], warnings: [] };
 * };
 */
export type Scanner = (bytes: Buffer) => Scan;
