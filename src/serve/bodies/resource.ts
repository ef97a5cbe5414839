import type { EncodedFile, FoundFile } from '../files/file-source.js';

/** A file that was found, and in which codings it can be had. */
export interface Resource {
  readonly file: FoundFile;
  /** Whether it, and what is made of it, may be remembered. */
  readonly isLasting: boolean;
  /** Where it is in other codings; those drop out that turn out not to be there, or not of this file. */
  encodings: readonly EncodedFile[];
  /** Joined by commas, in the order in which they are offered to clients that like them as well: the smallest first. */
  codings: string;
  /** By what its representation in each coding is remembered. */
  readonly keys: Readonly<Record<string, string>>;
}

export function createResource(file: FoundFile, isLasting: boolean): Resource {
  const { encodings, publicPath } = file;
  // Not the path that was asked for: it can be escaped in any number of ways.
  const key = `${publicPath}\0${file.file}`;
  const others = encodings.map(({ coding }) => [coding, `${key}\0${coding}`]);
  const keys = { ...Object.fromEntries(others), identity: key };
  return { file, isLasting, encodings, codings: codingsOf(encodings), keys };
}

/** Offers codings no more. */
export function dropEncodings(resource: Resource, isLost: (encoded: EncodedFile) => boolean): void {
  resource.encodings = resource.encodings.filter((each) => !isLost(each));
  resource.codings = codingsOf(resource.encodings);
}

/** Where sizes are not known, brotli is taken for the smallest, gzip for the largest. */
const USUAL = ['br', 'zstd', 'gzip'];

function codingsOf(encodings: readonly EncodedFile[]): string {
  const bySize = encodings.toSorted(
    (a, b) => (a.size ?? 0) - (b.size ?? 0) || USUAL.indexOf(a.coding) - USUAL.indexOf(b.coding),
  );
  return [...bySize.map(({ coding }) => coding), 'identity'].join();
}
