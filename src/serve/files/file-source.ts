/** Compressed variant of a file. */
export interface EncodedFile {
  /** Value of `Content-Encoding`: `br`, `gzip` or `zstd`. */
  readonly coding: string;
  /** Absolute path. */
  readonly file: string;
  /** Bytes, if known. A file of another size is not the published variant. */
  readonly size?: number;
  /** Whether the variant was found by its name only. It is then decompressed once and compared with the file. */
  readonly unproven?: boolean;
}

/** File that answers a path. */
export interface FoundFile {
  /** Requested path, decoded: `css/app.27e20196a850.css`. */
  readonly publicPath: string;
  /** Absolute path. */
  readonly file: string;
  /** Absolute real folder that must contain the file once its links are resolved; `undefined` allows any folder. */
  readonly within?: string | undefined;
  /** Without parameters: `text/css`. */
  readonly mediaType: string;
  /** Whether the name changes with the content, so that caches may keep the file forever. */
  readonly fingerprinted: boolean;
  /** `sha384-…` of the published bytes, if known. A file with other bytes was replaced after publishing. */
  readonly integrity?: string | undefined;
  readonly encodings: readonly EncodedFile[];
}

/** Finds the file that answers a path. */
export interface FileSource {
  /** Whether files are found and read again at each request, because they are being edited. */
  readonly live?: boolean;
  /**
   * Returns the file of a path.
   *
   * @param publicPath decoded; does not begin with a slash, and has no `.`, `..`, empty parts, NUL or backslashes. It is a
   *   folder if it is `''` or ends in `/`.
   */
  find(publicPath: string): FoundFile | undefined | Promise<FoundFile | undefined>;
  /** Whether the name of a file that was not found has a fingerprint. */
  isFingerprint(publicPath: string): boolean;
}
