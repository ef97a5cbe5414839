import type { Answer, StaticRequest } from '../answer.js';
import { CHUNK_BYTES } from '../bodies/open-file.js';
import type { Representation } from '../bodies/representation.js';
import { notModifiedHeaders, partHeaders, refusedHeaders, typeOf } from '../bodies/representation-headers.js';
import { evaluateConditions, isRangeValid, textOf } from '../http/conditions.js';
import { type ByteRange, parseRange } from '../http/ranges.js';
import { multipart } from './multipart.js';

/** An answer; `undefined` if the file has changed since it was hashed. */
type Responded = Answer | undefined | Promise<Answer | undefined>;

/**
 * Answers a GET or HEAD with a representation, in the order of https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2.
 *
 * @returns `undefined` if the file has changed since it was hashed
 */
export function respond({ method, headers }: StaticRequest, representation: Representation): Responded {
  const { size, headers: own } = representation;
  const { yields } = own;
  const status = evaluateConditions(headers, representation);
  if (status === 304) return { status, headers: notModifiedHeaders(own), yields };
  if (status === 412) return { status, headers: refusedHeaders(own), yields };
  if (method === 'HEAD') return { status: 200, headers: own.whole, yields };
  const ranges = rangesOf(headers, representation);
  if (ranges === undefined) return withBytes(200, own.whole, representation, { start: 0, end: size - 1 });
  if (ranges.length === 0) {
    return { status: 416, headers: ['content-range', `bytes */${size}`, ...refusedHeaders(own)], yields };
  }
  return ranges.length === 1 ? respondPart(representation, ranges[0]!) : respondParts(representation, ranges);
}

/** @returns `undefined` to send the whole file */
function rangesOf(headers: StaticRequest['headers'], representation: Representation) {
  const range = textOf(headers.range);
  if (range === undefined || !isRangeValid(textOf(headers['if-range']), representation)) return undefined;
  const ranges = parseRange(range, representation.size);
  // A multipart body's Content-Encoding would include its boundaries and part headers, which are not compressed.
  // https://www.rfc-editor.org/rfc/rfc9110#section-8.4
  if (ranges !== undefined && ranges.length > 1 && representation.isEncoded) return undefined;
  return ranges;
}

function respondPart(representation: Representation, range: ByteRange): Responded {
  const contentRange = `bytes ${range.start}-${range.end}/${representation.size}`;
  const headers = [
    'content-type',
    typeOf(representation.headers),
    'content-length',
    String(lengthOf(range)),
    'content-range',
    contentRange,
    ...partHeaders(representation.headers),
  ];
  return withBytes(206, headers, representation, range);
}

function respondParts(representation: Representation, ranges: readonly ByteRange[]): Responded {
  const { type, body } = multipart(representation, ranges);
  const length = String(body.size);
  const headers = ['content-type', type, 'content-length', length, ...partHeaders(representation.headers)];
  return { status: 206, headers, body, yields: representation.headers.yields };
}

/** Reads small ranges before the head is sent, while another answer is still possible. */
function withBytes(
  status: number,
  headers: readonly string[],
  { bytes, headers: { yields } }: Representation,
  range: ByteRange,
): Responded {
  const length = lengthOf(range);
  if (Buffer.isBuffer(bytes)) {
    return {
      status,
      headers,
      body: length === bytes.length ? bytes : bytes.subarray(range.start, range.end + 1),
      yields,
    };
  }
  if (length > CHUNK_BYTES) return { status, headers, body: bytes.body(range), yields };
  return bytes.read(range).then((body) => body && { status, headers, body, yields });
}

function lengthOf({ start, end }: ByteRange): number {
  return end - start + 1;
}
