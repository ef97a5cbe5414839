import type { EncodedFile, FoundFile } from '../files/file-source.js';

/** Found file with the codings in which it can be sent. */
export interface Resource {
  readonly file: FoundFile;
  /** Whether the file and its representations may be cached. */
  readonly isLasting: boolean;
  /** Compressed variants. Those that turn out to be missing, or not of this file, are dropped. */
  encodings: readonly EncodedFile[];
  /** Names of the codings, joined by commas and with the smallest first, which wins a tie of q-values. */
  codings: string;
  /** Cache keys of the representations, by coding. */
  readonly keys: Readonly<Record<string, string>>;
}

/** Returns the resource of a file. */
export function createResource(file: FoundFile, isLasting: boolean): Resource {
  const { encodings, publicPath } = file;
  // Not the requested path, which can be escaped in any number of ways.
  const key = `${publicPath}\0${file.file}`;
  const others = encodings.map(({ coding }) => [coding, `${key}\0${coding}`]);
  const keys = { ...Object.fromEntries(others), identity: key };
  return { file, isLasting, encodings, codings: codingsOf(encodings), keys };
}

/** Removes variants, so that they are not sent again. */
export function dropEncodings(resource: Resource, isDropped: (encoded: EncodedFile) => boolean): void {
  resource.encodings = resource.encodings.filter((each) => !isDropped(each));
  resource.codings = codingsOf(resource.encodings);
}

/** Codings from the usually smallest to the largest, for variants of unknown size. */
const USUAL = ['br', 'zstd', 'gzip'];

function codingsOf(encodings: readonly EncodedFile[]): string {
  const bySize = encodings.toSorted(
    (a, b) => (a.size ?? 0) - (b.size ?? 0) || USUAL.indexOf(a.coding) - USUAL.indexOf(b.coding),
  );
  return [...bySize.map(({ coding }) => coding), 'identity'].join();
}
