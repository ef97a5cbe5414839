import { StaticFilesError } from './errors.js';
import { type FileStamp, readStamp, sameStamp } from './file-stamp.js';
import type { Body } from './output.js';
import { quoted } from './printable.js';
import { readRegularFileSync } from './regular-file.js';
import { splice } from './splice.js';

/**
 * The bytes of an output.
 *
 * @throws StaticFilesError `source` where the file is not in the state that a processor saw
 */
export function readBody(body: Body): Uint8Array {
  if ('bytes' in body) return body.bytes;
  if ('file' in body) return readInState(body.file, body.stamp);
  return splice(readInState(body.rewritten, body.stamp), body.insertions);
}

function readInState(file: string, stamp: FileStamp | undefined): Buffer {
  const bytes = readRegularFileSync(file);
  if (stamp && !sameStamp(readStamp(file), stamp)) throw changedMeanwhile(file);
  return bytes;
}

/** The same body, which is then published only in the state that its file has now. Throws raw system errors. */
export function inItsState(body: Body): Body {
  return 'file' in body ? { ...body, stamp: body.stamp ?? readStamp(body.file) } : body;
}

/** The error for a source that was seen in two states during one run. */
export function changedMeanwhile(file: string, cause?: unknown): StaticFilesError {
  return new StaticFilesError(
    'source',
    `${quoted(file)} changed while it was being collected. Is a build still writing it? Run again when it is done.`,
    { cause },
  );
}
