import type { FileStamp } from '../files/stamp.js';
import type { Insertion } from './splice.js';
import type { StaticFile } from './static-file.js';

/** The bytes stand in a file, which is read when they are needed. */
export interface FileBody {
  readonly kind: 'file';
  readonly file: string;
  /** The state of the file that a processor worked from; a file in another state is not published. */
  readonly stamp?: FileStamp;
}

/** The bytes of what a processor makes: in memory, or read each time by a getter. */
export interface BytesBody {
  readonly kind: 'bytes';
  readonly bytes: Uint8Array;
}

/** The bytes are those of a file with texts inserted; they are put together when they are needed. */
export interface RewrittenBody {
  readonly kind: 'rewritten';
  readonly rewritten: string;
  /** The state of the file that the offsets belong to; a file in another state is not published. */
  readonly stamp: FileStamp;
  /** Sorted by offset. */
  readonly insertions: readonly Insertion[];
}

/** Where an output's bytes are. */
export type Body = FileBody | BytesBody | RewrittenBody;

/** What is known of an output's bytes, for those who need not read them then. */
export interface ContentInfo {
  /** Hexadecimal; what is published under one path with one hash has the same bytes. */
  readonly hash: string;
  /** Bytes. */
  readonly size: number;
  /** As in HTML's `integrity`: `sha384-…` (https://www.w3.org/TR/SRI/). */
  readonly integrity: string;
}

/** A file as it will be published. */
export interface Output {
  /** The name that people and templates use: `css/base.css`. */
  readonly logicalPath: string;
  /** The name under which it is published: `css/base.27e20196a850.css`, or the logical path itself. */
  readonly publicPath: string;
  readonly body: Body;
  /** What clients have when they have decoded it. Where a processor computed it, that is not done again. */
  readonly content?: ContentInfo;
  /** The static file it was made from; none where a processor made it of nothing. */
  readonly source?: StaticFile;
  /** The content coding that the bytes are in, and that they are served with under this name: `gzip`. */
  readonly contentEncoding?: string;
  /** With a `contentEncoding`: what is known of the bytes as they are sent. Without one they are the `content`. */
  readonly stored?: ContentInfo;
  /** The public path of the output that this one is another form of: `app.css` for `app.css.gz`. */
  readonly variantOf?: string;
  /** Of a module: the logical paths of what it imports statically, in their order, among the files of the run. */
  readonly imports?: readonly string[];
  /**
   * What it is for, where it is none of the files that are served: a manifest, the details beside it, or the note that
   * tells when a release was published.
   */
  readonly role?: 'manifest' | 'release-note';
}

/**
 * What is known of the bytes that are sent, and that a storage keeps: all comparing with what is published is by these.
 *
 * @returns `undefined` where nobody has computed it
 */
export function storedFacts({ contentEncoding, content, stored }: Output): ContentInfo | undefined {
  return contentEncoding === undefined ? content : stored;
}

/** Whether it is a manifest, or what stands beside it. */
export function isManifest(output: Output | undefined): boolean {
  return output?.role !== undefined;
}

/** Whether its name tells its content: under the same name there will never be other bytes. */
export function isImmutable({ logicalPath, publicPath, variantOf = publicPath }: Output): boolean {
  return variantOf !== logicalPath;
}

/** Whether the output is its source, under its own name: only such a one may become a link. */
export function isOriginal(output: Output): boolean {
  return (
    output.publicPath === output.logicalPath &&
    output.body.kind === 'file' &&
    output.source !== undefined &&
    output.body.file === output.source.sourcePath
  );
}

/** The output that publishes a static file as it is. */
export function originalOutput(source: StaticFile): Output {
  return {
    logicalPath: source.logicalPath,
    publicPath: source.logicalPath,
    body: { kind: 'file', file: source.sourcePath },
    source,
  };
}

/** For each logical path the name it was given, or else its own. */
export function publicPathsOf(outputs: readonly Output[]): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  for (const { logicalPath, publicPath, variantOf } of outputs) {
    const renamed = publicPath !== logicalPath;
    if (variantOf === undefined && (renamed || !paths.has(logicalPath))) paths.set(logicalPath, publicPath);
  }
  return paths;
}
