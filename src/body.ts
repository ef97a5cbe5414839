import fs from 'node:fs';
import { StaticFilesError } from './errors.js';
import { readStamp, sameStamp } from './file-stamp.js';
import type { Body } from './output.js';

/**
 * The bytes of an output.
 *
 * @throws StaticFilesError `source` where the file is not in the state that a processor saw
 */
export function readBody(body: Body): Uint8Array {
  if ('bytes' in body) return body.bytes;
  const bytes = fs.readFileSync(body.file);
  if (body.stamp && !sameStamp(readStamp(body.file), body.stamp)) throw changedMeanwhile(body.file);
  return bytes;
}

/** The error for a source that was seen in two states during one run. */
export function changedMeanwhile(file: string, cause?: unknown): StaticFilesError {
  return new StaticFilesError(
    'source',
    `'${file}' changed while it was being collected. Is a build still writing it? Run again when it is done.`,
    { cause },
  );
}
