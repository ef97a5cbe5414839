import { StaticFilesError } from '../../errors.js';
import { distinctPaths } from '../../model/distinct-paths.js';
import { fingerprintedPath } from '../../model/fingerprinted-path.js';
import type { Body, ContentInfo, Output } from '../../model/output.js';
import { quoted } from '../../text/printable.js';
import type { ProcessorContext } from '../processor.js';
import { findComputedUrls, keepComputedNames, warnUnknownImports } from './computed-urls.js';
import { type ImportSurvey, importsOf } from './imports.js';
import { linkChanged, publishChanged, sessionOf, trackChanged } from './incremental.js';
import { withoutInvalidScripts } from './invalid-scripts.js';
import { scanLinkedManifests } from './linked-manifests.js';
import { openMemory } from './memory.js';
import { reportMissing } from './missing.js';
import { type NamedFile, nameFiles } from './names.js';
import type { FingerprintRules } from './options.js';
import { warnOwnNames } from './own-names.js';
import { findPossible, warnPossible } from './possible.js';
import { type Findings, referenceReport } from './report.js';
import { type TrackedFile, trackFiles, withInsertions } from './track-files.js';
import {
  warnAmbiguous,
  warnPlainReferences,
  warnRenamedPages,
  warnUnchangedIntegrity,
  warnUnnamedVariants,
  warnUnscanned,
} from './warnings.js';

/** Digests the files, resolves their references, names them in dependency order, and returns them under these names. */
export async function fingerprintAll(
  outputs: readonly Output[],
  rules: FingerprintRules,
  context: ProcessorContext,
): Promise<readonly Output[]> {
  const { signal, staticUrl } = context;
  const open = () => openMemory(context.cache, rules.algorithm, context.startedAt);
  const session = sessionOf(context, open);
  const memory = session?.memory ?? open();
  const digested = await (session
    ? trackChanged(outputs, session, rules, signal)
    : trackFiles(outputs, rules, memory, signal));
  const scanned = await scanLinkedManifests(digested, staticUrl);
  const computed = findComputedUrls(scanned, rules, context);
  const tracked = keepComputedNames(scanned, computed);
  const linked = await withoutInvalidScripts(linkChanged(tracked, session?.last, rules, staticUrl), rules);
  if (session) session.last = linked;
  const { files, classifier, links } = linked;
  const looksForStrings = !rules.originals || context.possibleReferences;
  const possible = looksForStrings ? await findPossible(files, context, memory) : undefined;
  const findings: Findings = { files, links, classifier, computed, possible, named: undefined };
  context.report(referenceReport(findings));
  await reportProblems(findings, rules, context);
  const named = nameFiles(files, links, rules, memory, session?.named);
  if (session) session.named = { files, named };
  findings.named = named;
  const survey: ImportSurvey = { files, classifier, rules, resolveSpecifier: context.resolveSpecifier };
  const published: Output[] = [];
  for (const [index, file] of files.entries()) {
    const imports = importsOf(file, links[index]!, survey);
    const publish = () => outputsOf(file, named[index]!, imports, rules);
    for (const output of session ? publishChanged(file, named[index]!, imports, publish) : publish())
      published.push(output);
  }
  memory.save();
  warnUnnamedVariants(files, context);
  warnUnchangedIntegrity(files, named, context);
  return withoutStrayVariants(withoutRepeated(published, session?.paths));
}

/** Warns of what a browser may not find. Fails if references to missing files must not be published. */
async function reportProblems(
  { files, links, classifier, possible }: Findings,
  rules: FingerprintRules,
  context: ProcessorContext,
): Promise<void> {
  warnUnscanned(files, context);
  warnUnknownImports(files, rules, context);
  await reportMissing(files, links, rules, context);
  warnPlainReferences(files, links, rules, context);
  warnAmbiguous(files, classifier, context);
  warnRenamedPages(files, rules, context);
  if (!rules.originals && possible) warnPossible(possible, context);
  warnOwnNames(files, links, rules, context);
}

/** The outputs of a file: under its published name and, with `originals`, under its plain name. */
function outputsOf(
  { output, body, digest, keepsName }: TrackedFile,
  { fingerprint, insertions, content }: NamedFile,
  imports: readonly string[] | undefined,
  rules: FingerprintRules,
): readonly Output[] {
  if (keepsName === 'already-named') return [output];
  const { logicalPath, source, role } = output;
  const isOrdinary = source && !imports && !role && keepsName === undefined;
  // Nearly all outputs are ordinary. Without spreads they take two thirds of the memory.
  const outputAs = (publicPath: string, body: Body, content: ContentInfo): Output =>
    isOrdinary
      ? { logicalPath, publicPath, body, content, source }
      : {
          ...{ logicalPath, publicPath, body, content },
          ...(source && { source }),
          ...(imports && { imports }),
          ...(role && { role }),
          ...(keepsName === 'prehashed' && { immutable: true }),
        };
  const rewritten = withInsertions(body, insertions);
  if (fingerprint === undefined) return [outputAs(output.publicPath, rewritten, content)];
  const renamed = outputAs(fingerprintedPath(logicalPath, fingerprint), rewritten, content);
  return rules.originals ? [outputAs(output.publicPath, body, digest.content), renamed] : [renamed];
}

/** Drops the variants of plain names that are not published (`originals: false`). */
function withoutStrayVariants(outputs: readonly Output[]): readonly Output[] {
  if (outputs.every(({ variantOf }) => variantOf === undefined)) return outputs;
  const published = new Set(outputs.map(({ publicPath }) => publicPath));
  return outputs.filter(({ variantOf }) => variantOf === undefined || published.has(variantOf));
}

/** Drops repeated outputs: if `fingerprint` runs twice, the second run makes the files of the first one again. */
function withoutRepeated(outputs: readonly Output[], paths = distinctPaths()): readonly Output[] {
  if (paths.areIn(outputs)) return outputs;
  const seen = new Map<string, Output>();
  for (const output of outputs) {
    const other = seen.get(output.publicPath);
    seen.set(output.publicPath, other === undefined ? output : asOne(other, output));
  }
  return [...seen.values()];
}

/**
 * Returns one output for two with one public path. A source may be the fingerprinted copy of another, such as a file that
 * an earlier run has published.
 *
 * @throws StaticFilesError `source` if their bytes differ
 */
function asOne(one: Output, other: Output): Output {
  const [renamed, kept] = one.publicPath === one.logicalPath ? [other, one] : [one, other];
  if (renamed.content === undefined || renamed.content.integrity !== kept.content?.integrity) {
    throw new StaticFilesError(
      'source',
      `${quoted(renamed.logicalPath)} and ${quoted(kept.logicalPath)} would both be published as ${quoted(kept.publicPath)}, ` +
        `but their bytes differ. Delete or ignore ${quoted(kept.logicalPath)}, or add ${quoted(renamed.logicalPath)} to the option 'exclude' of fingerprint.`,
    );
  }
  if (renamed.logicalPath === kept.logicalPath) return one;
  const { aliases = [] } = renamed;
  return { ...renamed, aliases: [...aliases, kept.logicalPath] };
}
