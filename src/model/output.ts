import type { FileStamp } from '../files/stamp.js';
import type { Insertion } from './splice.js';
import type { StaticFile } from './static-file.js';

/** Algorithm of integrities, as `node:crypto` names it. */
export const INTEGRITY_ALGORITHM = 'sha384';

/** Body of an output whose bytes are in a file. It is read when the bytes are needed. */
export interface FileBody {
  readonly kind: 'file';
  /** Absolute path. */
  readonly file: string;
  /** Stamp of the file when a processor read it. The run fails if the file has changed since. */
  readonly stamp?: FileStamp;
}

/** Body of an output that a processor makes: bytes in memory, or a getter that reads them each time. */
export interface BytesBody {
  readonly kind: 'bytes';
  readonly bytes: Uint8Array;
}

/**
 * Body of an output whose bytes are those of a file with texts inserted. They are put together when they are needed.
 */
export interface RewrittenBody {
  readonly kind: 'rewritten';
  /** Absolute path. */
  readonly rewritten: string;
  /** Stamp of the file that the offsets belong to. The run fails if the file has changed since. */
  readonly stamp: FileStamp;
  /** Sorted by offset. */
  readonly insertions: readonly Insertion[];
}

/** Bytes of an output. {@link readBody} returns them. */
export type Body = FileBody | BytesBody | RewrittenBody;

/** Hash, size and integrity of bytes. Who has them need not read the bytes. */
export interface ContentInfo {
  /** Hexadecimal. Files with the same public path and hash have the same bytes. */
  readonly hash: string;
  /** Bytes. */
  readonly size: number;
  /** Value of HTML's attribute `integrity`: `sha384-…` (https://www.w3.org/TR/SRI/). */
  readonly integrity: string;
}

/** A file as it will be published. */
export interface Output {
  /** The path that templates use: `css/base.css`. */
  readonly logicalPath: string;
  /** The path under which it is published: `css/base.27e20196a850.css`, or the logical path itself. */
  readonly publicPath: string;
  readonly body: Body;
  /** Hash, size and integrity of the decoded bytes. Computed later if the processor does not set it. */
  readonly content?: ContentInfo;
  /** The static file it was made from. */
  readonly source?: StaticFile;
  /** Encoding of the bytes, with which they are served under this path: `gzip`. */
  readonly contentEncoding?: string;
  /** Hash, size and integrity of the encoded bytes, if there is a `contentEncoding`. */
  readonly stored?: ContentInfo;
  /** Public path of the output that this one is a variant of: `app.css` for `app.css.gz`. */
  readonly variantOf?: string;
  /** Whether a bundler has named it by its content, so that caches may keep it although it has its source's name. */
  readonly immutable?: boolean;
  /** Further logical paths of the file: sources with the same bytes that would have this public path too. */
  readonly aliases?: readonly string[];
  /** Logical paths of the files that a module imports statically, in order. */
  readonly imports?: readonly string[];
  /**
   * `manifest` for a manifest or its details, `release-note` for the file with the time at which a release was
   * published. Other outputs have no role.
   */
  readonly role?: 'manifest' | 'release-note';
}

/**
 * Returns hash, size and integrity of the bytes that a storage keeps, by which they are compared with published ones.
 *
 * @returns `undefined` if nothing has computed them
 */
export function storedFacts({ contentEncoding, content, stored }: Output): ContentInfo | undefined {
  return contentEncoding === undefined ? content : stored;
}

/** Whether it is a manifest, its details, or a release note. */
export function isManifest(output: Output | undefined): boolean {
  return output?.role !== undefined;
}

/** Whether a run has put a fingerprint into its public path: the bytes under this path never change. */
export function hasFingerprint({ logicalPath, publicPath, variantOf = publicPath }: Output): boolean {
  return variantOf !== logicalPath;
}

/**
 * Whether caches may keep it for ever. A bundler's hash counts too. It is not proved to be of these bytes, so what is
 * published is compared by {@link hasFingerprint}.
 */
export function isImmutable(output: Output): boolean {
  return output.immutable === true || hasFingerprint(output);
}

/** Whether the output is its source under its plain name. Only such an output may become a link. */
export function isOriginal(output: Output): boolean {
  return (
    output.publicPath === output.logicalPath &&
    output.body.kind === 'file' &&
    output.source !== undefined &&
    output.body.file === output.source.sourcePath
  );
}

/** Returns the output that publishes a static file unchanged. */
export function originalOutput(source: StaticFile): Output {
  return {
    logicalPath: source.logicalPath,
    publicPath: source.logicalPath,
    body: { kind: 'file', file: source.sourcePath },
    source,
  };
}

/** Returns the public path of each logical path. If there are several, a renamed output counts. */
export function publicPathsOf(outputs: readonly Output[]): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  for (const { logicalPath, publicPath, variantOf, aliases = NO_ALIASES } of outputs) {
    const renamed = publicPath !== logicalPath;
    if (variantOf === undefined && (renamed || !paths.has(logicalPath))) paths.set(logicalPath, publicPath);
    for (const alias of aliases) if (!paths.has(alias)) paths.set(alias, publicPath);
  }
  return paths;
}

const NO_ALIASES: readonly string[] = [];
