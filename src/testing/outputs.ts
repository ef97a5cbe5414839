import fs from 'node:fs';
import path from 'node:path';
import { readStamp } from '../file-stamp.js';
import type { Body, FileBody, Output, RewrittenBody } from '../output.js';
import type { Insertion } from '../splice.js';

/** An output of the same name as its source. */
export function output(publicPath: string, body: Body): Output {
  return { logicalPath: publicPath, publicPath, body };
}

/** An output whose bytes are in memory, in UTF-8. */
export function textOutput(publicPath: string, text: string): Output {
  return output(publicPath, { bytes: Buffer.from(text) });
}

/** Writes a source file, and gives a body that is published only as long as the file stays so. */
export function fileBody(folder: string, name: string, content: string | Uint8Array): FileBody {
  const file = writeSource(folder, name, content);
  return { file, stamp: readStamp(file) };
}

/** Writes a source file, and gives a body of it with texts inserted. */
export function rewrittenBody(
  folder: string,
  name: string,
  content: string | Uint8Array,
  insertions: readonly Insertion[],
): RewrittenBody {
  const file = writeSource(folder, name, content);
  return { rewritten: file, stamp: readStamp(file), insertions };
}

function writeSource(folder: string, name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, content);
  return file;
}
