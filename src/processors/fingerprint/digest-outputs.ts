import { readBody } from '../../body.js';
import type { Output } from '../../output.js';
import { createPace } from '../../pace.js';
import { type ChosenScanner, loadScanners, NO_SCANNER, type ScannerName } from '../../references/scanners.js';
import { type Digest, digestBytes, digestFile, type FileDigest } from './digest.js';
import { digestAll } from './digest-all.js';
import type { FingerprintMemory } from './memory.js';
import type { FingerprintRules } from './rules.js';

/** An output that memory does not know. */
interface UnknownOutput extends ChosenScanner {
  readonly index: number;
  readonly output: Output;
}

/**
 * The digests of all outputs, in their order: from memory where they are as they were, else read; on two threads,
 * save for what the user's own scanners look through, which are functions of this one.
 */
export async function digestOutputs(
  outputs: readonly Output[],
  rules: FingerprintRules,
  memory: FingerprintMemory,
  signal: AbortSignal,
): Promise<readonly (Digest | FileDigest)[]> {
  const digests: (Digest | FileDigest)[] = [];
  const pace = createPace(signal);
  const unknown: UnknownOutput[] = [];
  for (let index = 0; index < outputs.length; index++) {
    if (pace.due()) await pace.yield();
    const output = outputs[index]!;
    // A variant has its file's logical path, and other bytes.
    const chosen = output.variantOf === undefined ? rules.scannerFor(output.logicalPath) : NO_SCANNER;
    const known = recall(output, chosen, memory);
    if (known !== undefined) digests[index] = known;
    else unknown.push({ index, output, ...chosen });
  }
  if (unknown.length > 0) await digestUnknown(unknown, digests, rules, memory, signal);
  return digests;
}

function recall({ body }: Output, { rememberedAs }: ChosenScanner, memory: FingerprintMemory) {
  return 'file' in body && rememberedAs !== undefined ? memory.digest(body.file, rememberedAs) : undefined;
}

async function digestUnknown(
  unknown: readonly UnknownOutput[],
  digests: (Digest | FileDigest)[],
  { algorithm }: FingerprintRules,
  memory: FingerprintMemory,
  signal: AbortSignal,
): Promise<void> {
  const names = unknown.flatMap(({ scanner }) => (typeof scanner === 'string' ? scanner : []));
  const scanners = await loadScanners(names);
  const jobs: { readonly file: string; readonly scanner: ScannerName; readonly index: number }[] = [];
  for (const { index, output, scanner, rememberedAs } of unknown) {
    const { body } = output;
    const isBuiltIn = typeof scanner === 'string';
    const scan = isBuiltIn ? scanners.get(scanner) : scanner;
    if (!('file' in body)) digests[index] = digestBytes(readBody(body), scan, algorithm);
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
