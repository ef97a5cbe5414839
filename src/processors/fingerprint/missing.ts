import { type MissingReference, StaticFilesError } from '../../errors.js';
import { readBody } from '../../model/body.js';
import { type Position, positionsOf } from '../../references/position.js';
import type { Reference } from '../../references/reference.js';
import { similarUrl } from '../../references/resolve.js';
import { printableName, quoted } from '../../text/printable.js';
import { nearestNames } from '../../text/suggest.js';
import type { ProcessorContext } from '../processor.js';
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
/** How many names get a suggestion. Each takes a search among all names, and so many are not typing errors. */
const SUGGESTIONS = 100;

/**
 * Reports all missing references as the option `missing` says. Warns once about npm packages, and at verbosity 2 about
 * each of their files.
 *
 * @throws StaticFilesError `source` with all that are errors, file by file
 */
export function reportMissing(
  files: readonly TrackedFile[],
  links: readonly (readonly Link[])[],
  rules: FingerprintRules,
  context: ProcessorContext,
): void {
  const broken: Record<MissingAction, Broken[]> = { error: [], warn: [], ignore: [] };
  files.forEach((file, index) => {
    for (const [action, own] of missingOf(file, links[index]!, rules))
      broken[action].push({ file, links: own });
  });
  if (broken.error.length + broken.warn.length === 0) return;
  const locate = locator(files.map(({ output }) => output.logicalPath));
  if (broken.error.length > 0) throw missingError(broken.error.map(locate));
  warnOf(broken.warn.map(locate), context);
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

function missingError(errors: readonly Located[]): StaticFilesError {
  const missingReferences = errors.flatMap(({ references }) => references);
  const lines = [`${summaryOf(errors)}. Nothing was published.`];
  let shown = 0;
  for (const { texts } of errors) {
    const some = texts.slice(0, SHOWN_REFERENCES - shown);
    lines.push(...some);
    shown += some.length;
  }
  if (shown < missingReferences.length) lines.push(andMore(missingReferences.length - shown));
  lines.push("To publish anyway, set the option 'missing' of fingerprint (docs/references.md).");
  return new StaticFilesError('source', lines.join('\n'), { details: { missingReferences } });
}

/** `3 missing references in 2 files` */
function summaryOf(files: readonly Located[]): string {
  const count = files.reduce((sum, { references }) => sum + references.length, 0);
  const references = count === 1 ? 'reference' : 'references';
  return `${count} missing ${references} in ${files.length} ${files.length === 1 ? 'file' : 'files'}`;
}

function andMore(count: number): string {
  return `… and ${count} more. To list all of them, run with --references FILE.`;
}

function warnOf(warnings: readonly Located[], context: ProcessorContext): void {
  const vendor = warnings.filter(({ isVendor }) => isVendor);
  if (vendor.length > 0) {
    const message = `${summaryOf(vendor)} of npm packages, not rewritten. To list them, run with -v 2.`;
    context.warn({ code: 'missing-vendor-reference', message });
  }
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

/** The missing references of a file, with their positions. */
interface Located {
  readonly isVendor: boolean;
  readonly references: readonly MissingReference[];
  /** For each reference its position, a suggestion, and the line that contains it. */
  readonly texts: readonly string[];
}

function locator(names: readonly string[]): (broken: Broken) => Located {
  const found = new Map<string, string | undefined>();
  function nearest(logicalPath: string): string | undefined {
    if (!found.has(logicalPath) && found.size < SUGGESTIONS)
      found.set(logicalPath, nearestNames(logicalPath, names)[0]);
    return found.get(logicalPath);
  }
  return (broken) => {
    const { source, logicalPath } = broken.file.output;
    const isVendor = source?.root.vendor ?? false;
    const file = source?.sourcePath ?? logicalPath;
    const positions = positionsIn(broken);
    const references: MissingReference[] = [];
    const texts = broken.links.map((link, index) => {
      const { line, column, text } = positions[index]!;
      const { url } = link.reference;
      // A suggestion is useless in a package, which nobody here can fix.
      const other = isVendor ? undefined : nearest(link.logicalPath);
      const suggestion = other && similarUrl(url, link.logicalPath, other, logicalPath);
      const target = link.logicalPath;
      references.push({ file, line, column, url, target, ...(suggestion !== undefined && { suggestion }) });
      const hint = suggestion === undefined ? '' : ` Did you mean ${quoted(suggestion)}?`;
      return `${printableName(file)}:${line}:${column}: ${problemOf(link.reference)}${hint}\n    ${text}`;
    });
    return { isVendor, references, texts };
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
