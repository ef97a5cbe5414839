import type { ReferenceKind } from '../reference.js';

/**
 * A string that looks like the name of a file, but is in no place where names of files are known to be. Only the program
 * that reads it knows what it means.
 */
export interface NamedString {
  /** `js-string`, `json-string`, `html-attribute`, `xml-attribute` or `playlist-uri`. */
  readonly kind: ReferenceKind;
  /** Byte offset of its first character, after its quote. */
  readonly start: number;
  readonly end: number;
  /** Without the escapes of the language. */
  readonly value: string;
}

/** Finds the strings that look like names of files. A pure function, like a {@link Scanner}. */
export type StringScanner = (bytes: Buffer) => readonly NamedString[];

/** Longer texts are data. */
const MAX_LENGTH = 300;

const FILE_NAME = /^[^\n]+\.[a-z\d]{1,11}(?:[?#]\S*)?$/i;

/** Whether a text can be the URL of a file: one line, with an extension at its end. */
export function looksLikeFile(text: string): boolean {
  return text.length <= MAX_LENGTH && FILE_NAME.test(text);
}
