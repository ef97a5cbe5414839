import type { FoundFile } from '../files/file-source.js';
import type { Validators } from '../http/conditions.js';
import type { Content } from './content.js';
import { entityTag, type FileHeaders, fileHeaders, type HeaderPolicy } from './representation-headers.js';

/** A file in one coding, ready to be sent. */
export interface Representation extends Validators {
  readonly size: number;
  readonly bytes: Content['bytes'];
  readonly headers: FileHeaders;
  /** Whether the bytes are in a content coding. */
  readonly isEncoded: boolean;
  /** Whether the bytes are not those that the manifest tells of. */
  readonly isReplaced: boolean;
}

/**
 * @param coding `identity`, `br`…
 * @param isNegotiated whether there are other codings of the file
 */
export function represent(
  file: FoundFile,
  content: Content,
  coding: string,
  isNegotiated: boolean,
  policy: HeaderPolicy,
): Representation {
  const { size, bytes } = content;
  const now = Date.now();
  // https://www.rfc-editor.org/rfc/rfc9110#section-8.8.2.1: never later than the answer.
  const lastModified = Math.floor(Math.min(content.mtimeMs, now) / 1000) * 1000;
  const etag = entityTag(content.integrity);
  const isReplaced =
    coding === 'identity' && file.integrity !== undefined && file.integrity !== content.integrity;
  // What is not what the name says must not be kept for ever.
  const described = isReplaced ? { ...file, fingerprinted: false } : file;
  return {
    etag,
    lastModified,
    isDateStrong: now - lastModified >= 2000,
    size,
    bytes,
    headers: fileHeaders(described, { size, etag, lastModified, coding, isNegotiated }, policy),
    isEncoded: coding !== 'identity',
    isReplaced,
  };
}
