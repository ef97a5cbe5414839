import { type MissingReference, StaticFilesError } from '../../errors.js';
import { readBody } from '../../model/body.js';
import type { Output } from '../../model/output.js';
import { packageNameOf } from '../../npm/packages.js';
import { type Position, positionsOf } from '../../references/position.js';
import type { Reference } from '../../references/reference.js';
import { printableName, quoted } from '../../text/printable.js';
import type { ProcessorContext } from '../processor.js';
import { folderOwners } from './globs.js';
import { type HintFor, hints } from './hints.js';
import type { Link } from './links.js';
import type { FingerprintRules } from './options.js';
import { isRewritten, type MissingAction } from './reference-rules.js';
import { keepsBytes, type TrackedFile } from './track-files.js';

/** A file with missing references. */
interface Broken {
  readonly file: TrackedFile;
  readonly links: readonly Link[];
}

/** How many are shown. Nobody reads more, and `--references` lists all. */
const SHOWN_REFERENCES = 500;
/** How many packages are named. */
const SHOWN_PACKAGES = 5;

/**
 * Reports all missing references as the option `missing` says. Warns once about npm packages, with their number by
 * package, and at verbosity 2 about each of their files.
 *
 * @throws StaticFilesError `source` with all that are errors, file by file
 */
export async function reportMissing(
  files: readonly TrackedFile[],
  links: readonly (readonly Link[])[],
  rules: FingerprintRules,
  context: ProcessorContext,
): Promise<void> {
  const broken: Record<MissingAction, Broken[]> = { error: [], warn: [], ignore: [] };
  files.forEach((file, index) => {
    if (links[index]!.length === 0) return;
    for (const [action, own] of missingOf(file, links[index]!, rules))
      broken[action].push({ file, links: own });
  });
  if (broken.error.length + broken.warn.length === 0) return;
  const names = files.map(({ output }) => output.logicalPath);
  const hintFor = hints(names, context);
  const located: Located[] = [];
  for (const each of broken.error.length > 0 ? broken.error : broken.warn)
    located.push(await locate(each, hintFor));
  if (broken.error.length > 0) throw missingError(located, files);
  warnOf(located, files, context);
}

/** The missing references of a file by action. */
function missingOf(
  file: TrackedFile,
  links: readonly Link[],
  rules: FingerprintRules,
): ReadonlyMap<MissingAction, Link[]> {
  const missing = new Map<MissingAction, Link[]>();
  if (keepsBytes(file)) return missing;
  for (const link of links) {
    if (link.target !== undefined || !isRewritten(link.reference.kind, rules.references)) continue;
    const action = rules.missing(file.output, link.reference);
    const others = missing.get(action);
    if (others === undefined) missing.set(action, [link]);
    else others.push(link);
  }
  return missing;
}

function missingError(errors: readonly Located[], files: readonly TrackedFile[]): StaticFilesError {
  const missingReferences = errors.flatMap(({ references }) => references);
  const lines = [`${summaryOf(errors)}. Nothing was published.`];
  let shown = 0;
  for (const { texts } of errors) {
    const some = texts.slice(0, SHOWN_REFERENCES - shown);
    lines.push(...some);
    shown += some.length;
  }
  if (shown < missingReferences.length) lines.push(andMore(missingReferences.length - shown));
  const forBundlers = errors.filter(({ isForBundler }) => isForBundler);
  if (forBundlers.length > 0) lines.push(leaveOut(forBundlers, files));
  lines.push("To publish anyway, set the option 'missing' of fingerprint (docs/references.md).");
  return new StaticFilesError('source', lines.join('\n'), { details: { missingReferences } });
}

/** How to go on with source files of a bundler, which have no place among static files. */
function leaveOut(forBundlers: readonly Located[], files: readonly TrackedFile[]): string {
  const wanted = new Set(forBundlers.map(({ file }) => file));
  const scripts = files.filter(({ digest }) => digest.scan !== undefined);
  const owners = folderOwners(scripts.map((file) => [file.output.logicalPath, wanted.has(file)] as const));
  const globs = owners.globsFor(
    [...wanted].map(({ output }) => output.logicalPath),
    true,
  );
  const rule = JSON.stringify({ files: globs, action: 'warn' });
  const ending = "with a rule in the option 'missing' of fingerprint:";
  // Ignore patterns are compared with paths below a search root, and have no escapes.
  const fitsIgnore = ![...wanted].some(({ output }) => output.source?.root.prefix) && !rule.includes('\\');
  const lines = fitsIgnore
    ? [
        'If files with such references are for a bundler only, leave them out with the setting ignore:',
        `    ${JSON.stringify(globs)}`,
        `or publish them as they are, ${ending}`,
      ]
    : [
        `If files with such references are for a bundler only, ignore them, or publish them as they are, ${ending}`,
      ];
  return [...lines, `    ${rule}`].join('\n');
}

/** `3 missing references in 2 files` */
function summaryOf(located: readonly Located[]): string {
  const count = countOf(located);
  return `${count} missing ${count === 1 ? 'reference' : 'references'} in ${filesText(located.length)}`;
}

function andMore(count: number): string {
  return `… and ${count} more. To list all of them, run with --references FILE.`;
}

function warnOf(
  warnings: readonly Located[],
  files: readonly TrackedFile[],
  context: ProcessorContext,
): void {
  const vendor = warnings.filter(({ isVendor }) => isVendor);
  if (vendor.length > 0)
    context.warn({ code: 'missing-vendor-reference', message: vendorText(vendor, files) });
  for (const { texts, isVendor } of warnings) {
    const shown = texts.slice(0, SHOWN_REFERENCES);
    const lines = shown.length < texts.length ? [...shown, andMore(texts.length - shown.length)] : shown;
    context.warn({
      code: 'missing-reference',
      message: lines.join('\n'),
      ...(isVendor && { verbosity: 2 }),
    });
  }
}

/** Returns the number of missing references by package, and the rule that ignores them. */
function vendorText(vendor: readonly Located[], files: readonly TrackedFile[]): string {
  const owners = folderOwners(files.map(({ output }) => [output.logicalPath, packageOf(output)] as const));
  const byPackage = new Map<string, Located[]>();
  for (const each of vendor) {
    const name = packageOf(each.file.output);
    byPackage.set(name, [...(byPackage.get(name) ?? []), each]);
  }
  const packages = [...byPackage].sort(([, a], [, b]) => countOf(b) - countOf(a));
  const lines = packages.slice(0, SHOWN_PACKAGES).map(([name, located]) => {
    const kinds = kindsOf(located).join(', ');
    return `    ${name}: ${countOf(located)} in ${filesText(located.length)} (${kinds})`;
  });
  const others = packages.length - SHOWN_PACKAGES;
  if (others > 0) lines.push(`    … and ${others} more ${others === 1 ? 'package' : 'packages'}`);
  const rule = {
    files: packages.flatMap(([name, located]) =>
      owners.globsFor(
        located.map(({ file }) => file.output.logicalPath),
        name,
      ),
    ),
    kinds: kindsOf(vendor),
    action: 'ignore',
  };
  return [
    `${summaryOf(vendor)} of npm packages, not rewritten:`,
    ...lines,
    "  To list them, run with -v 2. To ignore them, add this rule to the option 'missing' of fingerprint:",
    `    ${JSON.stringify(rule)}`,
  ].join('\n');
}

/** The npm package of a file; `''` for files of the project. */
function packageOf({ source }: Output): string {
  return source?.root.vendor ? (packageNameOf(source.sourcePath) ?? source.root.setting) : '';
}

function countOf(located: readonly Located[]): number {
  return located.reduce((sum, { references }) => sum + references.length, 0);
}

function kindsOf(located: readonly Located[]): readonly string[] {
  return [...new Set(located.flatMap(({ kinds }) => [...kinds]))].sort();
}

function filesText(count: number): string {
  return `${count} ${count === 1 ? 'file' : 'files'}`;
}

/** The missing references of a file, with their positions. */
interface Located {
  readonly file: TrackedFile;
  readonly isVendor: boolean;
  readonly kinds: ReadonlySet<string>;
  readonly references: readonly MissingReference[];
  /** For each reference its position, a hint, and the line that contains it. */
  readonly texts: readonly string[];
  /** Whether only a bundler can resolve one of the references. */
  readonly isForBundler: boolean;
}

async function locate(broken: Broken, hintFor: HintFor): Promise<Located> {
  const { source, logicalPath } = broken.file.output;
  const file = source?.sourcePath ?? logicalPath;
  const positions = positionsIn(broken);
  const references: MissingReference[] = [];
  const texts: string[] = [];
  let isForBundler = false;
  for (const [index, link] of broken.links.entries()) {
    const { line, column, text } = positions[index]!;
    const { url } = link.reference;
    const hint = await hintFor(link, broken.file.output);
    isForBundler ||= hint?.isForBundler ?? false;
    references.push({
      ...{ file, line, column, url, target: link.logicalPath },
      ...(hint?.suggestion !== undefined && { suggestion: hint.suggestion }),
      ...(hint && { hint: hint.text }),
    });
    const words = hint === undefined ? '' : ` ${hint.text}`;
    texts.push(`${printableName(file)}:${line}:${column}: ${problemOf(link.reference)}${words}\n    ${text}`);
  }
  return {
    file: broken.file,
    isVendor: source?.root.vendor ?? false,
    kinds: new Set(broken.links.map(({ reference }) => reference.kind)),
    ...{ references, texts, isForBundler },
  };
}

/** Enough to recognize the beginning of a URL that goes on to the end of the file. */
const SHOWN_URL = 40;

function problemOf({ url, isIgnored = false, isUnclosed = false }: Reference): string {
  if (isUnclosed) return `syntax error: nothing closes ${quoted(url.slice(0, SHOWN_URL))}.`;
  const ignored = isIgnored ? ' Browsers ignore an @import that follows other rules or is in one.' : '';
  return `${quoted(url)} not found.${ignored}`;
}

function positionsIn({ file, links }: Broken): readonly Position[] {
  const bytes = readBody(file.body);
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return positionsOf(
    view,
    links.map(({ reference }) => reference.start),
    file.digest.scan?.encoding,
  );
}
