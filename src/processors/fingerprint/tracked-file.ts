import { readBody } from '../../body.js';
import { readStamp } from '../../file-stamp.js';
import type { Body, Output } from '../../output.js';
import { createPace } from '../../pace.js';
import { type Insertion, splice } from '../../splice.js';
import type { ProcessorContext } from '../processor.js';
import { type Digest, digestBytes, digestFile } from './digest.js';
import { isTooLong } from './file-name.js';
import type { FingerprintMemory } from './memory.js';
import type { FingerprintRules } from './options.js';

/** Why a file keeps its name. */
type FixedName = 'excluded' | 'prehashed' | 'too-long' | 'named-already';

/** An output, what is known of its bytes, and whether it keeps its name. */
export interface TrackedFile {
  readonly output: Output;
  readonly digest: Digest;
  /** The output's body, tied to the state that was digested. */
  readonly body: Body;
  readonly fixed: FixedName | undefined;
}

/** Digests all outputs, from memory where they are as they were. */
export async function trackFiles(
  outputs: readonly Output[],
  rules: FingerprintRules,
  memory: FingerprintMemory,
  context: ProcessorContext,
): Promise<readonly TrackedFile[]> {
  const pace = createPace(context.signal);
  const files: TrackedFile[] = [];
  for (const output of outputs) {
    if (pace.due()) await pace.yield();
    files.push({ output, ...digestOf(output, rules, memory), fixed: fixedName(output, rules) });
  }
  return files;
}

function digestOf({ body, logicalPath }: Output, rules: FingerprintRules, memory: FingerprintMemory) {
  if (!('file' in body)) return { digest: digestBytes(readBody(body), logicalPath, rules.algorithm), body };
  const known = memory.digest(body.file, readStampOf(body.file));
  const digest = known ?? digestFile(body.file, logicalPath, rules.algorithm);
  if (known === undefined) memory.addDigest(body.file, digest);
  return { digest, body: { file: body.file, stamp: digest.stamp } };
}

/** A file that cannot be looked at has no stamp; reading it then says why. */
function readStampOf(file: string) {
  try {
    return readStamp(file);
  } catch {
    return { size: -1, mtimeMs: 0, ctimeMs: 0, ino: 0 };
  }
}

function fixedName(
  { logicalPath, publicPath, variantOf }: Output,
  rules: FingerprintRules,
): FixedName | undefined {
  if (variantOf !== undefined || publicPath !== logicalPath) return 'named-already';
  if (rules.isPrehashed(logicalPath)) return 'prehashed';
  if (rules.isExcluded(logicalPath)) return 'excluded';
  return isTooLong(logicalPath, rules.length) ? 'too-long' : undefined;
}

/** The body with texts inserted. */
export function withInsertions(body: Body, insertions: readonly Insertion[]): Body {
  if (insertions.length === 0) return body;
  if ('file' in body && body.stamp) return { rewritten: body.file, stamp: body.stamp, insertions };
  return { bytes: spliceBytes(readBody(body), insertions) };
}

function spliceBytes(bytes: Uint8Array, insertions: readonly Insertion[]): Buffer {
  return splice(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), insertions);
}
