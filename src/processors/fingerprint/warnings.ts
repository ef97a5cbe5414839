import { StaticFilesError } from '../../errors.js';
import { readBody } from '../../model/body.js';
import { positionsOf } from '../../references/position.js';
import { nameList } from '../../text/name-list.js';
import { printableName } from '../../text/printable.js';
import type { ProcessorContext } from '../processor.js';
import type { Link } from './links.js';
import type { NamedFile } from './names.js';
import type { FingerprintRules } from './options.js';
import { isRewritten } from './reference-rules.js';
import { keepsBytes, type TrackedFile } from './track-files.js';

/** Warns about files that could not be scanned, and names that are too long for a fingerprint. */
export function warnUnscanned(files: readonly TrackedFile[], context: ProcessorContext): void {
  for (const file of files) {
    const { output, digest, keepsName } = file;
    const path = printableName(output.source?.sourcePath ?? output.logicalPath);
    if (keepsName === 'too-long') {
      const message = `${path}: keeps its name, which a fingerprint would make longer than 255 bytes.`;
      context.warn({ code: 'name-too-long', message });
    }
    for (const { code, message, offset } of digest.scan?.warnings ?? []) {
      const place = offset === undefined ? path : `${path}:${lineAndColumn(file, offset)}`;
      const verbosity = output.source?.root.vendor ? 2 : 1;
      context.warn({ code, message: `${place}: ${message}.`, verbosity });
    }
  }
}

function lineAndColumn({ body }: TrackedFile, offset: number): string {
  const [position] = positionsOf(Buffer.from(readBody(body)), [offset]);
  return `${position!.line}:${position!.column}`;
}

/**
 * Warns about references to plain names, which are missing at the destination with `originals: false`.
 *
 * @throws StaticFilesError `source` if files that are not rewritten have such references then
 */
export function warnPlainReferences(
  files: readonly TrackedFile[],
  links: readonly (readonly Link[])[],
  rules: FingerprintRules,
  context: ProcessorContext,
): void {
  const toRenamed = ({ target }: Link) => target !== undefined && !files[target]!.keepsName;
  const unchanged = files.filter((file, index) => keepsBytes(file) && links[index]!.some(toRenamed));
  if (unchanged.length > 0) {
    const list = nameList(unchanged.map(({ output }) => output.logicalPath));
    const message = `Files that are not rewritten (prehashed, or named by an earlier processor) refer to files that get new names: ${list}.`;
    if (!rules.originals) {
      const remedy =
        "Set the option 'originals' of fingerprint to true, or remove these files from 'prehashed'.";
      throw new StaticFilesError('source', `${message} ${remedy}`);
    }
    context.warn({ code: 'prehashed-reference', message });
  }
  const stale = links
    .flat()
    .filter((link) => toRenamed(link) && !isRewritten(link.reference.kind, rules.references)).length;
  if (!rules.originals && stale > 0) {
    const references = stale === 1 ? '1 reference points' : `${stale} references point`;
    const message = `${references} to plain names, which are not published (originals: false).`;
    context.warn({ code: 'plain-reference', message });
  }
}

/** Warns about variants of plain names: the fingerprinted files have none. */
export function warnUnnamedVariants(files: readonly TrackedFile[], { warn }: ProcessorContext): void {
  const renamed = new Set(files.flatMap(({ output, keepsName }) => (keepsName ? [] : output.publicPath)));
  const count = files.filter(
    ({ output: { variantOf } }) => variantOf !== undefined && renamed.has(variantOf),
  ).length;
  if (count === 0) return;
  const variants = count === 1 ? '1 variant was' : `${count} variants were`;
  const message = `${variants} made before fingerprint named the files, so the fingerprinted files have none. In postProcess, put the processor that makes them, such as 'compress', after 'fingerprint'.`;
  warn({ code: 'variants-before-names', message });
}

/** Warns about integrity values that could not be updated: browsers refuse the files that they belong to. */
export function warnUnchangedIntegrity(
  files: readonly TrackedFile[],
  named: readonly NamedFile[],
  { warn }: ProcessorContext,
): void {
  const unchanged = files.filter((_, index) => named[index]!.keepsIntegrity);
  if (unchanged.length === 0) return;
  const list = nameList(unchanged.map(({ output }) => output.logicalPath));
  const message = `Integrity values were not updated in files that other files refer to: ${list}. Add these files to the option 'exclude' of fingerprint.`;
  warn({ code: 'integrity-unchanged', message });
}
