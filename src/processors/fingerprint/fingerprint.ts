import { StaticFilesError } from '../../errors.js';
import { fingerprintedPath } from '../../model/fingerprinted-path.js';
import type { Body, ContentInfo, Output } from '../../model/output.js';
import { nameList } from '../../text/name-list.js';
import { quoted } from '../../text/printable.js';
import type { Processor, ProcessorContext } from '../processor.js';
import { type ImportSurvey, importsOf } from './imports.js';
import { keptIn, linkChanged, publishChanged, trackChanged } from './incremental.js';
import type { Link } from './links.js';
import { openMemory } from './memory.js';
import { reportMissing } from './missing.js';
import { type NamedFile, nameFiles } from './names.js';
import { type FingerprintOptions, type FingerprintRules, fingerprintRules } from './options.js';
import { isRewritten } from './reference-rules.js';
import { type Findings, referenceReport } from './report.js';
import { keepsBytes, type TrackedFile, trackFiles, withInsertions } from './track-files.js';

export type { FingerprintOptions } from './options.js';

/**
 * Gives each file a name that changes exactly when its content does, and makes every reference follow.
 *
 * @throws StaticFilesError `settings` for options that make no sense
 * @example
 * const processor = fingerprint({ exclude: ['robots.txt'] });
 */
export function fingerprint(options: FingerprintOptions = {}): Processor {
  const rules = fingerprintRules(options);
  return {
    name: 'fingerprint',
    needsManifest: true,
    cacheVersion: 'staticfiles fingerprint',
    process: (outputs, context) => fingerprintAll(outputs, rules, context),
  };
}

async function fingerprintAll(
  outputs: readonly Output[],
  rules: FingerprintRules,
  context: ProcessorContext,
): Promise<readonly Output[]> {
  const { signal, staticUrl } = context;
  const open = () => openMemory(context.cache, rules.algorithm, context.startedAt);
  const kept = keptIn(context, open);
  const memory = kept?.memory ?? open();
  const files = await (kept
    ? trackChanged(outputs, kept, rules, signal)
    : trackFiles(outputs, rules, memory, signal));
  const linked = linkChanged(files, kept?.last, rules, staticUrl);
  if (kept) kept.last = linked;
  const { classifier, links } = linked;
  const findings: Findings = { files, links, classifier, named: undefined };
  context.report(referenceReport(findings));
  warnUnscanned(files, context);
  reportMissing(files, links, rules, context);
  warnPlainReferences(files, links, rules, context);
  const named = nameFiles(files, links, rules, memory);
  findings.named = named;
  const survey: ImportSurvey = { files, classifier, rules, resolveSpecifier: context.resolveSpecifier };
  const published: Output[] = [];
  for (const [index, file] of files.entries()) {
    const imports = importsOf(file, links[index]!, survey);
    const publish = () => outputsOf(file, named[index]!, imports, rules);
    published.push(...(kept ? publishChanged(file, named[index]!, imports, publish) : publish()));
  }
  memory.save(kept !== undefined);
  warnUnnamedVariants(files, context);
  warnUnchangedIntegrity(files, named, context);
  return withoutStrayVariants(withoutRepeated(published));
}

/** The original, where it is published too, and the file under its name. */
function outputsOf(
  { output, body, digest, fixed }: TrackedFile,
  { fingerprint, insertions, content }: NamedFile,
  imports: readonly string[] | undefined,
  rules: FingerprintRules,
): readonly Output[] {
  if (fixed === 'named-already') return [output];
  const { logicalPath, source, role } = output;
  // Field by field: a spread takes several times as long, and this runs for every file.
  const outputAs = (publicPath: string, body: Body, content: ContentInfo): Output => ({
    logicalPath,
    publicPath,
    body,
    content,
    ...(source && { source }),
    ...(imports && { imports }),
    ...(role && { role }),
  });
  const rewritten = withInsertions(body, insertions);
  if (fingerprint === undefined) return [outputAs(output.publicPath, rewritten, content)];
  const renamed = outputAs(fingerprintedPath(logicalPath, fingerprint), rewritten, content);
  return rules.originals ? [outputAs(output.publicPath, body, digest.content), renamed] : [renamed];
}

/** Variants that were made before the files had their names: none of them belongs to what is published now. */
function warnUnnamedVariants(files: readonly TrackedFile[], { warn }: ProcessorContext): void {
  const renamed = new Set(files.flatMap(({ output, fixed }) => (fixed ? [] : output.publicPath)));
  const count = files.filter(
    ({ output: { variantOf } }) => variantOf !== undefined && renamed.has(variantOf),
  ).length;
  if (count === 0) return;
  const variants = count === 1 ? '1 variant was' : `${count} variants were`;
  const message = `${variants} made before fingerprint named the files, so the fingerprinted files have none. In postProcess, put the processor that makes them, such as 'compress', after 'fingerprint'.`;
  warn({ code: 'variants-before-names', message });
}

/** A browser refuses what has another integrity than the page says. */
function warnUnchangedIntegrity(
  files: readonly TrackedFile[],
  named: readonly NamedFile[],
  { warn }: ProcessorContext,
): void {
  const unchanged = files.filter((_, index) => named[index]!.keepsIntegrity);
  if (unchanged.length === 0) return;
  const list = nameList(unchanged.map(({ output }) => output.logicalPath));
  const message = `Integrity values stay as they are in files to which others refer: ${list}. Leave the names of these files as they are with the option 'exclude' of fingerprint.`;
  warn({ code: 'integrity-unchanged', message });
}

/** Without the variants of plain names that are not published (`originals: false`). */
function withoutStrayVariants(outputs: readonly Output[]): readonly Output[] {
  if (outputs.every(({ variantOf }) => variantOf === undefined)) return outputs;
  const published = new Set(outputs.map(({ publicPath }) => publicPath));
  return outputs.filter(({ variantOf }) => variantOf === undefined || published.has(variantOf));
}

function warnUnscanned(files: readonly TrackedFile[], context: ProcessorContext): void {
  for (const { output, digest, fixed } of files) {
    const where = output.source?.sourcePath ?? output.logicalPath;
    if (fixed === 'too-long') {
      const message = `${quoted(where)} keeps its plain name: with a hash it would be longer than 255 bytes.`;
      context.warn({ code: 'name-too-long', message });
    }
    for (const { code, message } of digest.scan?.warnings ?? []) {
      const verbosity = output.source?.root.vendor ? 2 : 1;
      context.warn({ code, message: `${quoted(where)}: ${message}.`, verbosity });
    }
  }
}

/** What points at plain names: broken where only fingerprinted ones are published. */
function warnPlainReferences(
  files: readonly TrackedFile[],
  links: readonly (readonly Link[])[],
  rules: FingerprintRules,
  context: ProcessorContext,
): void {
  const toRenamed = ({ target }: Link) => target !== undefined && !files[target]!.fixed;
  const kept = files.filter((file, index) => keepsBytes(file) && links[index]!.some(toRenamed));
  if (kept.length > 0) {
    const list = nameList(kept.map(({ output }) => output.logicalPath));
    const message = `Files that are hashed already (prehashed, or named by an earlier processor) keep their bytes, yet refer to files that get new names: ${list}.`;
    if (!rules.originals)
      throw new StaticFilesError('source', `${message} Leave originals on, or hash them here.`);
    context.warn({ code: 'prehashed-reference', message });
  }
  const stale = links
    .flat()
    .filter((link) => toRenamed(link) && !isRewritten(link.reference.kind, rules.references)).length;
  if (!rules.originals && stale > 0) {
    const message = `${stale} references still point at plain names, which are not published (originals: false).`;
    context.warn({ code: 'plain-reference', message });
  }
}

/** What fingerprint has named before, when it runs twice, comes out the same and counts once. */
function withoutRepeated(outputs: readonly Output[]): readonly Output[] {
  if (new Set(outputs.map(({ publicPath }) => publicPath)).size === outputs.length) return outputs;
  const seen = new Map<string, Output>();
  for (const output of outputs) {
    const other = seen.get(output.publicPath);
    if (other === undefined) seen.set(output.publicPath, output);
    else if (!isSameOutput(output, other)) {
      throw new StaticFilesError(
        'source',
        `${quoted(other.logicalPath)} and ${quoted(output.logicalPath)} would both be published as ${quoted(output.publicPath)}. ` +
          'Rename or ignore one of them, or name the one that is hashed already in the option prehashed.',
      );
    }
  }
  return [...seen.values()];
}

function isSameOutput(a: Output, b: Output): boolean {
  return (
    a.logicalPath === b.logicalPath && a.content !== undefined && a.content.integrity === b.content?.integrity
  );
}
