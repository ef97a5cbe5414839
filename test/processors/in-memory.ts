import { readBody } from '../../src/model/body.js';
import type { Output } from '../../src/model/output.js';
import type { Warning } from '../../src/model/static-file.js';
import type { FingerprintOptions } from '../../src/processors/fingerprint/options.js';
import { fingerprint } from '../../src/processors/fingerprint/processor.js';
import type { ProcessorContext } from '../../src/processors/processor.js';
import type { FoundReference, ReferenceReport } from '../../src/references/report.js';
import { processorContext } from './processor-context.js';

/** Files in memory: bytes by logical path. */
export type MemoryTree = ReadonlyMap<string, Buffer>;

/** The outputs of the processor for a tree. */
export interface MemoryResult {
  /** Public path by logical path, as in the manifest. */
  readonly names: ReadonlyMap<string, string>;
  /** Bytes by public path, originals included. */
  readonly published: ReadonlyMap<string, Buffer>;
  readonly warnings: readonly Warning[];
  /** How often the processor read a file. */
  readonly reads: number;
  /** All references, with their statuses. */
  readonly references: readonly FoundReference[];
}

/** Files in memory: text by logical path. */
export function treeOf(texts: Readonly<Record<string, string>>): MemoryTree {
  return new Map(Object.entries(texts).map(([path, text]) => [path, Buffer.from(text)]));
}

/** Runs `fingerprint` over a tree in memory, with the static URL `/static/` unless `changes` has another one. */
export async function fingerprintTree(
  tree: MemoryTree,
  options: FingerprintOptions = {},
  changes: Partial<ProcessorContext> = {},
): Promise<MemoryResult> {
  const warnings: Warning[] = [];
  let report: ReferenceReport | undefined;
  let reads = 0;
  const inputs = [...tree].map(([path, content]): Output => {
    const body = {
      kind: 'bytes' as const,
      get bytes() {
        reads++;
        return content;
      },
    };
    return { logicalPath: path, publicPath: path, body };
  });
  const outputs = await fingerprint(options).process(
    inputs,
    processorContext({
      warn: (warning) => warnings.push(warning),
      report: (found) => {
        report = found;
      },
      ...changes,
    }),
  );
  const readsInAll = reads;
  const references = [...(report?.list() ?? [])];
  const names = new Map([...tree.keys()].map((path) => [path, path]));
  for (const { logicalPath, publicPath } of outputs)
    if (publicPath !== logicalPath) names.set(logicalPath, publicPath);
  const published = outputs.map(({ publicPath, body }) => [publicPath, Buffer.from(readBody(body))] as const);
  return { names, published: new Map(published), warnings, reads: readsInAll, references };
}
