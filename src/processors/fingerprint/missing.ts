import { StaticFilesError } from '../../errors.js';
import { readBody } from '../../model/body.js';
import { type Position, positionsOf } from '../../references/position.js';
import { printableName, quoted } from '../../text/printable.js';
import { nearestNames } from '../../text/suggest.js';
import type { ProcessorContext } from '../processor.js';
import type { Link } from './links.js';
import type { FingerprintRules } from './options.js';
import type { MissingAction } from './reference-rules.js';
import { isRewritten } from './reference-rules.js';
import { keepsBytes, type TrackedFile } from './track-files.js';

/** A file with references that lead nowhere. */
interface Broken {
  readonly file: TrackedFile;
  readonly links: readonly Link[];
}

/** A report of more would help nobody; `--references` lists them all. */
const SHOWN_REFERENCES = 500;
/** Looking a name up among all takes time; with so many missing there is another cause than slips. */
const SUGGESTIONS = 100;

/**
 * Tells of all references that lead nowhere: those of npm packages in one warning, with a warning for each file at
 * verbosity 2.
 *
 * @throws StaticFilesError `source` with all that are errors, grouped by file
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

/** The missing references of a file, by what is to be done about them. */
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
  const heading = `${count} reference${count === 1 ? ' leads' : 's lead'} to no static file; nothing was published.`;
  const lines = [heading];
  let shown = 0;
  for (const each of errors) {
    if (shown >= SHOWN_REFERENCES) break;
    const links = each.links.slice(0, SHOWN_REFERENCES - shown);
    lines.push(describe({ ...each, links }));
    shown += links.length;
  }
  if (shown < count) lines.push(andMore(count - shown));
  return new StaticFilesError('source', lines.join('\n'));
}

function andMore(count: number): string {
  return `… and ${count} more; --references FILE lists them all.`;
}

function warnOf(warnings: readonly Broken[], describe: Describe, context: ProcessorContext): void {
  const vendor = warnings.filter(isVendor);
  if (vendor.length > 0) {
    const message =
      `${countOf(vendor)} references in ${vendor.length} files of npm packages lead to no static file and are left ` +
      'as they are (-v 2 shows each).';
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

/** Makes the text of a file's missing references, each with its place, its line, and the name that comes nearest. */
type Describe = (broken: Broken) => string;

function describer(names: readonly string[]): Describe {
  const hints = new Map<string, string>();
  function hint(logicalPath: string): string {
    if (!hints.has(logicalPath) && hints.size < SUGGESTIONS) {
      const [nearest] = nearestNames(logicalPath, names);
      hints.set(logicalPath, nearest === undefined ? '' : ` (is ${quoted(nearest)} meant?)`);
    }
    return hints.get(logicalPath) ?? '';
  }
  return (broken) => {
    const positions = positionsIn(broken);
    const lines = broken.links.map(({ reference, logicalPath }, index) => {
      const { line, column, text } = positions[index]!;
      // What packages lack nobody here can mend.
      const suggestion = isVendor(broken) ? '' : hint(logicalPath);
      return `  line ${line}, column ${column}: ${quoted(reference.url)} is no static file ${quoted(logicalPath)}${suggestion}\n    ${text}`;
    });
    const { source, logicalPath } = broken.file.output;
    return [`${printableName(source?.sourcePath ?? logicalPath)}:`, ...lines].join('\n');
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
