import { randomBytes } from 'node:crypto';
import type { FileBody } from '../answer.js';
import type { Representation } from '../bodies/representation.js';
import { typeOf } from '../bodies/representation-headers.js';
import type { ByteRange } from '../http/ranges.js';

/** Body that contains several ranges. */
export interface Multipart {
  /** Media type with the boundary. */
  readonly type: string;
  readonly body: FileBody;
}

/** Returns several ranges of a representation in one body. https://www.rfc-editor.org/rfc/rfc9110#section-14.6 */
export function multipart({ bytes, size, headers }: Representation, ranges: readonly ByteRange[]): Multipart {
  const boundary = randomBytes(12).toString('hex');
  const parts = ranges.map((range) => ({
    range,
    head: `\r\n--${boundary}\r\nContent-Type: ${typeOf(headers)}\r\nContent-Range: bytes ${range.start}-${range.end}/${size}\r\n\r\n`,
  }));
  const tail = `\r\n--${boundary}--\r\n`;
  const lengths = parts.map(({ range, head }) => Buffer.byteLength(head) + range.end - range.start + 1);
  // Keeps the file open until the last part is read.
  const whole = Buffer.isBuffer(bytes) ? undefined : bytes.body({ start: 0, end: size - 1 });
  return {
    type: `multipart/byteranges; boundary=${boundary}`,
    body: {
      size: lengths.reduce((sum, length) => sum + length, tail.length),
      async *chunks() {
        try {
          for (const { range, head } of parts) {
            yield Buffer.from(head);
            if (Buffer.isBuffer(bytes)) yield bytes.subarray(range.start, range.end + 1);
            else yield* bytes.body(range).chunks();
          }
          yield Buffer.from(tail);
        } finally {
          whole?.release();
        }
      },
      release: () => whole?.release(),
    },
  };
}
