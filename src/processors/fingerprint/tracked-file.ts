import { readBody } from '../../body.js';
import type { Body, ContentFacts, Output } from '../../output.js';
import { isHtml } from '../../references/scanners.js';
import { type Insertion, splice } from '../../splice.js';
import type { Digest, FileDigest } from './digest.js';
import { digestOutputs } from './digest-outputs.js';
import { isTooLong } from './file-name.js';
import type { FingerprintMemory } from './memory.js';
import type { FingerprintRules } from './rules.js';

/** Why a file keeps its name. */
type FixedName = 'excluded' | 'prehashed' | 'html' | 'too-long' | 'named-already';

/** An output, what is known of its bytes, and whether it keeps its name. */
export interface TrackedFile {
  readonly output: Output;
  readonly digest: Digest;
  /** The output's body, tied to the state that was digested. */
  readonly body: Body;
  readonly fixed: FixedName | undefined;
  /** What was made of it in an earlier run, where runs follow one another. */
  made?: Made;
}

/** Whether it is published as it was given: somebody else has named it, and what it refers to. */
export function keepsBytes({ fixed }: Pick<TrackedFile, 'fixed'>): boolean {
  return fixed === 'prehashed' || fixed === 'named-already';
}

/** The outputs of a file, and all that they tell besides its source. */
interface Made {
  readonly fingerprint: string | undefined;
  readonly content: ContentFacts;
  readonly imports: readonly string[] | undefined;
  readonly outputs: readonly Output[];
}

/** Digests all outputs, from memory where they are as they were. */
export async function trackFiles(
  outputs: readonly Output[],
  rules: FingerprintRules,
  memory: FingerprintMemory,
  signal: AbortSignal,
): Promise<readonly TrackedFile[]> {
  const digests = await digestOutputs(outputs, rules, memory, signal);
  return outputs.map((output, index) => trackedFile(output, digests[index]!, rules));
}

function trackedFile(output: Output, digest: Digest | FileDigest, rules: FingerprintRules): TrackedFile {
  const body =
    'stamp' in digest && 'file' in output.body
      ? { file: output.body.file, stamp: digest.stamp }
      : output.body;
  return { output, digest, body, fixed: fixedName(output, rules) };
}

function fixedName(
  { logicalPath, publicPath, variantOf }: Output,
  rules: FingerprintRules,
): FixedName | undefined {
  if (variantOf !== undefined || publicPath !== logicalPath) return 'named-already';
  if (rules.isPrehashed(logicalPath)) return 'prehashed';
  if (rules.isExcluded(logicalPath)) return 'excluded';
  if (rules.keepsHtml && isHtml(logicalPath)) return 'html';
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
