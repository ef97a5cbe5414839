import { Readable } from 'node:stream';
import type { FileBody } from '../answer.js';

/** The bytes of a file for servers that take streams. Its file is let go when the stream is closed, read or not. */
export function bodyStream(body: FileBody): Readable {
  return Readable.from(body.chunks(), { objectMode: false }).once('close', () => body.release());
}
