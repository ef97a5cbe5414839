import { startTimeSlice } from '../../concurrency/time-slice.js';
import { readBody } from '../../model/body.js';
import { withoutCoding } from '../../model/content-encoding.js';
import { isTooLong } from '../../model/fingerprinted-path.js';
import type { Body, ContentInfo, Output } from '../../model/output.js';
import { type Insertion, splice } from '../../model/splice.js';
import { joinedScanner } from '../../references/custom-scanners.js';
import {
  type ChosenScanner,
  isHtml,
  loadScanners,
  NO_SCANNER,
  type ScannerName,
} from '../../references/scanners.js';
import { type Digest, digestBytes, digestFile, type FileDigest } from './digest.js';
import { digestAll } from './digest-queue.js';
import type { FingerprintMemory } from './memory.js';
import type { FingerprintRules } from './options.js';

/** Why a file keeps its name. */
type KeepReason = 'excluded' | 'prehashed' | 'html' | 'too-long' | 'already-named' | 'computed';

/** An output with its digest. */
export interface TrackedFile {
  readonly output: Output;
  readonly digest: Digest;
  /** The output's body in the state that was digested. */
  readonly body: Body;
  /** Why the file keeps its name; `undefined` if it gets a fingerprint. */
  readonly keepsName: KeepReason | undefined;
  /** What an earlier run of the session made of it. */
  made?: Made;
  /** The same file in a run in which a computed URL can name it. */
  kept?: TrackedFile;
}

/**
 * Returns the file as one whose name a computed URL can name, or as it was digested: the same object in each run of a
 * session, while that stays so. Once it changes, outputs of an older run must not come back: later stages would take them
 * for published.
 */
export function withComputedName(file: TrackedFile, isNamed: boolean): TrackedFile {
  if (!isNamed || file.keepsName !== undefined) {
    delete file.kept;
    return file;
  }
  const { output, digest, body } = file;
  delete file.made;
  file.kept ??= { output, digest, body, keepsName: 'computed' };
  return file.kept;
}

/** Whether the file is not rewritten either: a bundler or processor has named it and the files that it refers to. */
export function keepsBytes({ keepsName }: Pick<TrackedFile, 'keepsName'>): boolean {
  return keepsName === 'prehashed' || keepsName === 'already-named';
}

/** The outputs of a file, and everything that they depend on besides its source. */
interface Made {
  readonly fingerprint: string | undefined;
  readonly content: ContentInfo;
  readonly imports: readonly string[] | undefined;
  readonly outputs: readonly Output[];
}

/** Digests all outputs. Unchanged files are not read. */
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
    'stamp' in digest && output.body.kind === 'file'
      ? { kind: 'file' as const, file: output.body.file, stamp: digest.stamp }
      : output.body;
  return { output, digest, body, keepsName: keepReason(output, rules) };
}

function keepReason(
  { logicalPath, publicPath, variantOf }: Output,
  rules: FingerprintRules,
): KeepReason | undefined {
  if (variantOf !== undefined || publicPath !== logicalPath) return 'already-named';
  // A bundler's own app-BxY3.js.gz belongs to its app-BxY3.js.
  if (rules.isPrehashed(logicalPath) || rules.isPrehashed(withoutCoding(logicalPath))) return 'prehashed';
  if (rules.isExcluded(logicalPath)) return 'excluded';
  if (rules.keepsHtml && isHtml(logicalPath)) return 'html';
  return isTooLong(logicalPath, rules.length) ? 'too-long' : undefined;
}

/** Returns a body with texts inserted. */
export function withInsertions(body: Body, insertions: readonly Insertion[]): Body {
  if (insertions.length === 0) return body;
  if (body.kind === 'file' && body.stamp)
    return { kind: 'rewritten', rewritten: body.file, stamp: body.stamp, insertions };
  return { kind: 'bytes', bytes: spliceBytes(readBody(body), insertions) };
}

function spliceBytes(bytes: Uint8Array, insertions: readonly Insertion[]): Buffer {
  return splice(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), insertions);
}

/** An output that must be read. */
interface UnknownOutput {
  readonly index: number;
  readonly output: Output;
  readonly chosen: ChosenScanner;
}

/** Returns the digests of all outputs, in their order. Reads only those that have changed. */
async function digestOutputs(
  outputs: readonly Output[],
  rules: FingerprintRules,
  memory: FingerprintMemory,
  signal: AbortSignal,
): Promise<readonly (Digest | FileDigest)[]> {
  const digests: (Digest | FileDigest)[] = [];
  const slice = startTimeSlice(signal);
  const unknown: UnknownOutput[] = [];
  for (let index = 0; index < outputs.length; index++) {
    if (slice.isOver()) await slice.yield();
    const output = outputs[index]!;
    // A variant has the logical path of its file, but other bytes.
    const chosen = output.variantOf === undefined ? rules.scannerFor(output.logicalPath) : NO_SCANNER;
    const known = recall(output, chosen, memory);
    if (known !== undefined) digests[index] = known;
    else unknown.push({ index, output, chosen });
  }
  if (unknown.length > 0) await digestUnknown(unknown, digests, rules, memory, signal);
  return digests;
}

function recall({ body }: Output, { rememberedAs }: ChosenScanner, memory: FingerprintMemory) {
  return body.kind === 'file' && rememberedAs !== undefined
    ? memory.digest(body.file, rememberedAs)
    : undefined;
}

/** Digests outputs on two threads. Custom scanners are functions, which cannot be sent to the other thread. */
async function digestUnknown(
  unknown: readonly UnknownOutput[],
  digests: (Digest | FileDigest)[],
  { algorithm }: FingerprintRules,
  memory: FingerprintMemory,
  signal: AbortSignal,
): Promise<void> {
  const names = unknown.flatMap(({ chosen: { scanner, extended } }) =>
    typeof scanner === 'string' ? scanner : (extended ?? []),
  );
  const scanners = await loadScanners(names);
  const jobs: { readonly file: string; readonly scanner: ScannerName; readonly index: number }[] = [];
  for (const { index, output, chosen } of unknown) {
    const { scanner, extended, rememberedAs } = chosen;
    const { body } = output;
    const isBuiltIn = typeof scanner === 'string';
    const builtIn = scanners.get(isBuiltIn ? scanner : (extended ?? ''));
    const scan = isBuiltIn ? builtIn : builtIn ? joinedScanner(builtIn, scanner) : scanner;
    if (body.kind !== 'file') digests[index] = digestBytes(readBody(body), scan, algorithm);
    else if (isBuiltIn) jobs.push({ file: body.file, scanner, index });
    else {
      const digest = digestFile(body.file, scan, algorithm);
      digests[index] = digest;
      if (rememberedAs !== undefined) memory.addDigest(body.file, rememberedAs, digest);
    }
  }
  const found = await digestAll(jobs, algorithm, scanners, signal);
  jobs.forEach(({ file, scanner, index }, at) => {
    digests[index] = found[at]!;
    memory.addDigest(file, scanner, found[at]!);
  });
}
