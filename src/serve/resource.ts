import type { EncodedFile, FoundFile } from './file-source.js';

/** A file that was found, and in which codings it can be had. */
export interface Resource {
  readonly file: FoundFile;
  /** Whether it, and what is made of it, may be remembered. */
  readonly isLasting: boolean;
  /** In the order in which they are offered to clients that like them as well: the smallest first. */
  readonly codings: readonly string[];
  /** By what its representation in a coding is remembered. */
  keyOf(coding: string): string;
  encodedFile(coding: string): EncodedFile | undefined;
  /** Offers codings no more: they are not there, or not of this file. */
  drop(isLost: (encoded: EncodedFile) => boolean): void;
}

const IDENTITY: readonly string[] = ['identity'];

export function createResource(file: FoundFile, isLasting: boolean): Resource {
  // Not the path that was asked for: it can be escaped in any number of ways.
  const key = `${file.publicPath}\0${file.file}`;
  const keys = new Map(file.encodings.map(({ coding }) => [coding, `${key}\0${coding}`]));
  let encodings = file.encodings;
  let codings = codingsOf(encodings);
  return {
    file,
    isLasting,
    get codings() {
      return codings;
    },
    keyOf: (coding) => keys.get(coding) ?? key,
    encodedFile: (coding) => encodings.find((each) => each.coding === coding),
    drop(isLost) {
      encodings = encodings.filter((each) => !isLost(each));
      codings = codingsOf(encodings);
    },
  };
}

/** Where sizes are not known, brotli is taken for the smallest, gzip for the largest. */
const USUAL = ['br', 'zstd', 'gzip'];

function codingsOf(encodings: readonly EncodedFile[]): readonly string[] {
  if (encodings.length === 0) return IDENTITY;
  const bySize = encodings.toSorted(
    (a, b) => (a.size ?? 0) - (b.size ?? 0) || USUAL.indexOf(a.coding) - USUAL.indexOf(b.coding),
  );
  return [...bySize.map(({ coding }) => coding), ...IDENTITY];
}
