import type { FoundFile } from '../files/file-source.js';
import type { Validators } from '../http/conditions.js';
import type { Content } from './content.js';
import { entityTag, type FileHeaders, fileHeaders, type HeaderPolicy } from './representation-headers.js';

/** File in one coding, ready to be sent. */
export interface Representation extends Validators, Pick<Content, 'size' | 'integrity' | 'bytes'> {
  readonly headers: FileHeaders;
  /** Whether the bytes are compressed. */
  readonly isEncoded: boolean;
  /** Whether the file was replaced after publishing: its bytes differ from the details. */
  readonly isReplaced: boolean;
}

/**
 * Returns the representation of a content.
 *
 * @param coding `identity`, `br`, `gzip` or `zstd`
 * @param isNegotiated whether the file has other codings
 */
export function represent(
  file: FoundFile,
  content: Content,
  coding: string,
  isNegotiated: boolean,
  policy: HeaderPolicy,
): Representation {
  const { size, integrity, bytes } = content;
  const now = Date.now();
  // Must not be later than the answer: https://www.rfc-editor.org/rfc/rfc9110#section-8.8.2.1
  const lastModified = Math.floor(Math.min(content.mtimeMs, now) / 1000) * 1000;
  const etag = entityTag(integrity);
  const isReplaced = coding === 'identity' && file.integrity !== undefined && file.integrity !== integrity;
  // Caches must not keep other bytes forever under the fingerprint.
  const described = isReplaced ? { ...file, fingerprinted: false } : file;
  return {
    etag,
    lastModified,
    isDateStrong: now - lastModified >= 2000,
    size,
    integrity,
    bytes,
    headers: fileHeaders(described, { size, etag, lastModified, coding, isNegotiated }, policy),
    isEncoded: coding !== 'identity',
    isReplaced,
  };
}
