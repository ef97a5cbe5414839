import { StaticFilesError } from '../../errors.js';
import { readBody } from '../../model/body.js';
import { positionsOf } from '../../references/position.js';
import type { Reference } from '../../references/reference.js';
import { isHtml } from '../../references/scanners.js';
import { nameList } from '../../text/name-list.js';
import { printableName, quoted } from '../../text/printable.js';
import type { ProcessorContext } from '../processor.js';
import type { Classifier, Link } from './links.js';
import type { NamedFile } from './names.js';
import type { FingerprintRules } from './options.js';
import { isRewritten } from './reference-rules.js';
import { keepsBytes, type TrackedFile } from './track-files.js';

/** Warns about files that could not be scanned, and names that are too long for a fingerprint. */
export function warnUnscanned(files: readonly TrackedFile[], context: ProcessorContext): void {
  for (const file of files) {
    const { output, digest, keepsName } = file;
    const path = () => printableName(output.source?.sourcePath ?? output.logicalPath);
    if (keepsName === 'too-long') {
      const message = `${path()}: keeps its name, which a fingerprint would make longer than 255 bytes.`;
      context.warn({ code: 'name-too-long', message });
    }
    for (const { code, message, offset } of digest.scan?.warnings ?? []) {
      const place = offset === undefined ? path() : `${path()}:${lineAndColumn(file, offset)}`;
      const verbosity = output.source?.root.vendor ? 2 : 1;
      context.warn({ code, message: `${place}: ${message}.`, verbosity });
    }
  }
}

function lineAndColumn({ body, digest }: TrackedFile, offset: number): string {
  const [position] = positionsOf(Buffer.from(readBody(body)), [offset], digest.scan?.encoding);
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
  if (rules.originals) return;
  const stale = links
    .flat()
    .filter((link) => toRenamed(link) && !isRewritten(link.reference.kind, rules.references)).length;
  if (stale > 0) {
    const references = stale === 1 ? '1 reference points' : `${stale} references point`;
    const message = `${references} to plain names, which are not published (originals: false).`;
    context.warn({ code: 'plain-reference', message });
  }
}

/** Warns about variants of plain names: the fingerprinted files have none. */
export function warnUnnamedVariants(files: readonly TrackedFile[], { warn }: ProcessorContext): void {
  const variants = files.filter(({ output }) => output.variantOf !== undefined);
  if (variants.length === 0) return;
  const renamed = new Set(files.flatMap(({ output, keepsName }) => (keepsName ? [] : output.publicPath)));
  const count = variants.filter(({ output }) => renamed.has(output.variantOf!)).length;
  if (count === 0) return;
  const some = count === 1 ? '1 variant was' : `${count} variants were`;
  const message = `${some} made before fingerprint named the files, so the fingerprinted files have none. In postProcess, put the processor that makes them, such as 'compress', after 'fingerprint'.`;
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
  const message = `Integrity values and CSP hashes were not updated in files that other files refer to: ${list}. Add these files to the option 'exclude' of fingerprint.`;
  warn({ code: 'integrity-unchanged', message });
}

const NONE: readonly Reference[] = [];

/** How many places are shown. */
const SHOWN = 5;

/**
 * Warns about URLs in custom properties that stay as they are, since `var()` does not resolve them to one file. In npm
 * packages they are shown at verbosity 2.
 */
export function warnAmbiguous(
  files: readonly TrackedFile[],
  classifier: Classifier,
  { staticUrl, warn }: ProcessorContext,
): void {
  const found: { readonly file: TrackedFile; readonly reference: Reference }[] = [];
  for (const file of files) {
    for (const reference of file.digest.scan?.references ?? NONE) {
      const isAmbiguous =
        reference.customProperty !== undefined && classifier.classify(reference, file).status === 'ambiguous';
      if (isAmbiguous) found.push({ file, reference });
    }
  }
  if (found.length === 0) return;
  const own = found.filter(({ file }) => !file.output.source?.root.vendor);
  const shown = (own.length > 0 ? own : found).slice(0, SHOWN).map(({ file, reference }) => {
    const path = printableName(file.output.source?.sourcePath ?? file.output.logicalPath);
    return `    ${path}:${lineAndColumn(file, reference.start)}: ${quoted(reference.url)} in ${printableName(reference.customProperty!)}`;
  });
  const urls = found.length === 1 ? '1 relative URL' : `${found.length} relative URLs`;
  const more = found.length > shown.length ? [`    and ${found.length - shown.length} more`] : [];
  const message = [
    `${urls} in custom properties not rewritten: where var() uses them, they do not resolve to one file of this run.`,
    ...shown,
    ...more,
    `  Write them with staticUrl, such as '${staticUrl}img/icon.png'. To list all, run with --references FILE.`,
  ].join('\n');
  warn({ code: 'ambiguous-reference', message, ...(own.length === 0 && { verbosity: 2 }) });
}

/** Warns about pages that are published under other names only, where no link finds them (`originals: false`). */
export function warnRenamedPages(
  files: readonly TrackedFile[],
  { originals, keepsHtml }: FingerprintRules,
  { warn }: ProcessorContext,
): void {
  if (originals || keepsHtml) return;
  const pages = files.filter(({ output, keepsName }) => !keepsName && isHtml(output.logicalPath));
  if (pages.length === 0) return;
  const own = pages.filter(({ output }) => !output.source?.root.vendor);
  const list = nameList((own.length > 0 ? own : pages).map(({ output }) => output.logicalPath));
  const message = `HTML pages are published only under names with a hash, and references in them are not rewritten: ${list}. Set the option 'references' of fingerprint to { "html": true }, or add the pages to 'exclude'.`;
  warn({ code: 'renamed-page', message, ...(own.length === 0 && { verbosity: 2 }) });
}
