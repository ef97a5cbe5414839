import { StaticFilesError } from '../errors.js';
import type { Body, ContentFacts, Output } from '../output.js';
import { fingerprintedPath } from './fingerprint/file-name.js';
import { type ImportSurvey, importsOf } from './fingerprint/imports.js';
import { keptIn, linkChanged, publishChanged, trackChanged } from './fingerprint/kept.js';
import { isRewritten } from './fingerprint/kinds.js';
import type { Link } from './fingerprint/links.js';
import { openMemory } from './fingerprint/memory.js';
import { tellMissing } from './fingerprint/missing.js';
import { type NamedFile, nameFiles } from './fingerprint/names.js';
import type { FingerprintOptions } from './fingerprint/options.js';
import { type Findings, referenceReport } from './fingerprint/report.js';
import { type FingerprintRules, fingerprintRules } from './fingerprint/rules.js';
import { type TrackedFile, trackFiles, withInsertions } from './fingerprint/tracked-file.js';
import type { Processor, ProcessorContext } from './processor.js';

export type { FingerprintOptions, MissingRule, ScannerOption } from './fingerprint/options.js';

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
    process: (outputs, context) => fingerprintAll(outputs, rules, context),
  };
}

async function fingerprintAll(
  outputs: readonly Output[],
  rules: FingerprintRules,
  context: ProcessorContext,
): Promise<readonly Output[]> {
  const { signal, staticUrl } = context;
  const open = () => openMemory(context.memory, rules.algorithm, context.startedAt);
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
  tellUnscanned(files, context);
  tellMissing(files, links, rules, context);
  tellStale(files, links, rules, context);
  const named = nameFiles(files, links, rules, memory);
  findings.named = named;
  const survey: ImportSurvey = { files, classifier, rules, resolveSpecifier: context.resolveSpecifier };
  const published: Output[] = [];
  for (const [index, file] of files.entries()) {
    const imports = importsOf(file, links[index]!, survey);
    const publish = () => outputsOf(file, named[index]!, imports, rules);
    published.push(...(kept ? publishChanged(file, named[index]!, imports, publish) : publish()));
  }
  refuseSamePaths(published);
  memory.save(kept !== undefined);
  return published;
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
  const outputAs = (publicPath: string, body: Body, content: ContentFacts): Output => ({
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

function tellUnscanned(files: readonly TrackedFile[], context: ProcessorContext): void {
  for (const { output, digest, fixed } of files) {
    const where = output.source?.sourcePath ?? output.logicalPath;
    if (fixed === 'too-long') {
      const message = `'${where}' keeps its plain name: with a hash it would be longer than 255 bytes.`;
      context.warn({ code: 'name-too-long', message });
    }
    for (const { code, message } of digest.scan?.warnings ?? []) {
      const verbosity = output.source?.root.vendor ? 2 : 1;
      context.warn({ code, message: `'${where}': ${message}.`, verbosity });
    }
  }
}

/** What points at plain names: broken where only fingerprinted ones are published. */
function tellStale(
  files: readonly TrackedFile[],
  links: readonly (readonly Link[])[],
  rules: FingerprintRules,
  context: ProcessorContext,
): void {
  const toRenamed = ({ target }: Link) => target !== undefined && !files[target]!.fixed;
  const prehashed = files.filter(
    (file, index) => file.fixed === 'prehashed' && links[index]!.some(toRenamed),
  );
  if (prehashed.length > 0) {
    const list = prehashed.map(({ output }) => `'${output.logicalPath}'`).join(', ');
    const message = `Prehashed files keep their bytes, yet refer to files that get new names: ${list}.`;
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

function refuseSamePaths(outputs: readonly Output[]): void {
  if (new Set(outputs.map(({ publicPath }) => publicPath)).size === outputs.length) return;
  const seen = new Map<string, Output>();
  for (const output of outputs) {
    const other = seen.get(output.publicPath);
    if (other === undefined) seen.set(output.publicPath, output);
    else {
      throw new StaticFilesError(
        'source',
        `'${other.logicalPath}' and '${output.logicalPath}' would both be published as '${output.publicPath}'. ` +
          'Rename or ignore one of them, or name the one that is hashed already in the option prehashed.',
      );
    }
  }
}
