import { StaticFilesError } from '../../errors.js';
import { readBody } from '../../model/body.js';
import { type Position, positionsOf } from '../../references/position.js';
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
  const describe = describer(files.map(({ output }) => output.logicalPath));
  if (broken.error.length > 0) throw missingError(broken.error, describe);
  warnOf(broken.warn, describe, context);
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
    const action = rules.missing(file.output, link.reference.kind);
    const others = missing.get(action);
    if (others === undefined) missing.set(action, [link]);
    else others.push(link);
  }
  return missing;
}

function missingError(errors: readonly Broken[], describe: Describe): StaticFilesError {
  const count = countOf(errors);
  const lines = [`${summaryOf(errors)}. Nothing was published.`];
  let shown = 0;
  for (const each of errors) {
    if (shown >= SHOWN_REFERENCES) break;
    const links = each.links.slice(0, SHOWN_REFERENCES - shown);
    lines.push(describe({ ...each, links }));
    shown += links.length;
  }
  if (shown < count) lines.push(andMore(count - shown));
  lines.push("To publish anyway, set the option 'missing' of fingerprint (docs/references.md).");
  return new StaticFilesError('source', lines.join('\n'));
}

/** `3 missing references in 2 files` */
function summaryOf(broken: readonly Broken[]): string {
  const count = countOf(broken);
  const references = count === 1 ? 'reference' : 'references';
  return `${count} missing ${references} in ${broken.length} ${broken.length === 1 ? 'file' : 'files'}`;
}

function andMore(count: number): string {
  return `… and ${count} more. To list all of them, run with --references FILE.`;
}

function warnOf(warnings: readonly Broken[], describe: Describe, context: ProcessorContext): void {
  const vendor = warnings.filter(isVendor);
  if (vendor.length > 0) {
    const message = `${summaryOf(vendor)} of npm packages, not rewritten. To list them, run with -v 2.`;
    context.warn({ code: 'missing-vendor-reference', message });
  }
  for (const one of warnings) {
    const more = one.links.length - SHOWN_REFERENCES;
    const text = describe({ ...one, links: one.links.slice(0, SHOWN_REFERENCES) });
    context.warn({
      code: 'missing-reference',
      message: more > 0 ? `${text}\n${andMore(more)}` : text,
      ...(isVendor(one) && { verbosity: 2 }),
    });
  }
}

function isVendor({ file }: Broken): boolean {
  return file.output.source?.root.vendor ?? false;
}

function countOf(broken: readonly Broken[]): number {
  return broken.reduce((sum, { links }) => sum + links.length, 0);
}

/** Describes a file's missing references: for each its position, a suggestion, and the line that contains it. */
type Describe = (broken: Broken) => string;

function describer(names: readonly string[]): Describe {
  const found = new Map<string, string | undefined>();
  function nearest(logicalPath: string): string | undefined {
    if (!found.has(logicalPath) && found.size < SUGGESTIONS)
      found.set(logicalPath, nearestNames(logicalPath, names)[0]);
    return found.get(logicalPath);
  }
  return (broken) => {
    const { output } = broken.file;
    const path = printableName(output.source?.sourcePath ?? output.logicalPath);
    const positions = positionsIn(broken);
    const lines = broken.links.map(({ reference: { url }, logicalPath }, index) => {
      const { line, column, text } = positions[index]!;
      // A suggestion is useless in a package, which nobody here can fix.
      const other = isVendor(broken) ? undefined : nearest(logicalPath);
      const suggestion =
        other === undefined
          ? ''
          : ` Did you mean ${quoted(similarUrl(url, logicalPath, other, output.logicalPath))}?`;
      return `${path}:${line}:${column}: ${quoted(url)} not found.${suggestion}\n    ${text}`;
    });
    return lines.join('\n');
  };
}

function positionsIn({ file, links }: Broken): readonly Position[] {
  const bytes = readBody(file.body);
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return positionsOf(
    view,
    links.map(({ reference }) => reference.start),
  );
}
