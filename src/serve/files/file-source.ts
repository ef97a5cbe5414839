/** A coding in which a file is there too, compressed ahead of time. */
export interface EncodedFile {
  /** As in `Content-Encoding`: `br`, `gzip`, `zstd`. */
  readonly coding: string;
  /** Absolute. */
  readonly file: string;
  /** Bytes, where known: a file of another size is not the one that was published. */
  readonly size?: number;
  /** Whether it is to be decompressed and compared once: for files of which nobody says that they belong together. */
  readonly unproven?: boolean;
}

/** The file that answers a path. */
export interface FoundFile {
  /** POSIX, as it was asked for: `css/app.27e20196a850.css`. */
  readonly publicPath: string;
  /** Absolute. */
  readonly file: string;
  /** The absolute real folder that the file must lie in when its links are resolved. Without one it may lie anywhere. */
  readonly within?: string | undefined;
  /** Without parameters: `text/css`. */
  readonly mediaType: string;
  /** Whether the name changes with the content, so that it may be kept for ever. */
  readonly fingerprinted: boolean;
  /** As in HTML's `integrity`, where known: other bytes are not those that were published. */
  readonly integrity?: string | undefined;
  readonly encodings: readonly EncodedFile[];
}

/**
 * Knows which file answers a path. How it is answered is no matter of its own.
 */
export interface FileSource {
  /**
   * Whether answers are asked for again at each request, and their bytes read again: for files that are being edited.
   * Otherwise both are remembered.
   */
  readonly live?: boolean;
  /**
   * @param publicPath decoded, without a slash at its start, without `.`, `..` and empty parts, NUL and backslashes.
   *   One that ends in `/`, or `''`, is a folder.
   */
  find(publicPath: string): FoundFile | undefined | Promise<FoundFile | undefined>;
  /** Whether a path that leads to no file is that of a file whose name changes with its content. */
  isFingerprint(publicPath: string): boolean;
}
