import { decodeUtf8 } from '../encoding.js';
import { looksLikeFile, type NamedString, type StringScanner } from './named-string.js';

/** A line with a URI, or the attribute `URI` of a tag. https://www.rfc-editor.org/rfc/rfc8216#section-4 */
const URI = /^(?!#)(\S+)[^\S\n]*$|^#.*?\bURI="([^"\n]*)"/dgm;

/** Finds the URIs in a playlist (HLS). */
export const playlistStrings: StringScanner = (bytes) =>
  Array.from(bytes.toString('latin1').matchAll(URI)).flatMap((match): NamedString[] => {
    const [start, end] = (match.indices![1] ?? match.indices![2])!;
    const value = decodeUtf8(bytes.toString('latin1', start, end));
    return value !== undefined && looksLikeFile(value) ? [{ kind: 'playlist-uri', start, end, value }] : [];
  });
