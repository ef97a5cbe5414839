import { readBody } from '../../body.js';
import type { Output } from '../../output.js';
import { createPace } from '../../pace.js';
import { type Digest, digestBytes, digestFile, type FileDigest } from './digest.js';
import { digestAll } from './digest-all.js';
import type { DigestJob } from './digest-share.js';
import type { FingerprintMemory } from './memory.js';
import type { FingerprintRules } from './rules.js';
import { builtInScanner } from './scanners.js';

/** A file that memory does not know, and the output it is for. */
interface UnknownFile extends DigestJob {
  readonly index: number;
  readonly rememberedAs: string;
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
  const { algorithm } = rules;
  const pace = createPace(signal);
  const digests: (Digest | FileDigest)[] = [];
  const unknown: UnknownFile[] = [];
  for (let index = 0; index < outputs.length; index++) {
    if (pace.due()) await pace.yield();
    const { body, logicalPath } = outputs[index]!;
    const { scanner, rememberedAs } = rules.scannerFor(logicalPath);
    const isBuiltIn = typeof scanner === 'string';
    const scan = isBuiltIn ? builtInScanner(scanner) : scanner;
    if (!('file' in body)) {
      digests[index] = digestBytes(readBody(body), scan, algorithm);
      continue;
    }
    const { file } = body;
    const known = rememberedAs === undefined ? undefined : memory.digest(file, rememberedAs);
    if (known !== undefined) digests[index] = known;
    else if (isBuiltIn) unknown.push({ file, scanner, index, rememberedAs: scanner });
    else {
      const digest = digestFile(file, scan, algorithm);
      digests[index] = digest;
      if (rememberedAs !== undefined) memory.addDigest(file, rememberedAs, digest);
    }
  }
  const found = await digestAll(unknown, algorithm, signal);
  unknown.forEach(({ file, rememberedAs, index }, at) => {
    digests[index] = found[at]!;
    memory.addDigest(file, rememberedAs, found[at]!);
  });
  return digests;
}
