import { readBody } from '../../body.js';
import { StaticFilesError } from '../../errors.js';
import { nearestNames } from '../../nearest-names.js';
import { positionsOf } from '../../references/position.js';
import type { ProcessorContext } from '../processor.js';
import { isRewritten, isSourceMap, type Link } from './links.js';
import type { FingerprintRules, MissingAction } from './options.js';
import type { TrackedFile } from './tracked-file.js';

/** A file with references that lead nowhere, and what is to be done about them. */
interface Broken {
  readonly file: TrackedFile;
  readonly links: readonly Link[];
}

/**
 * Tells of all references that lead nowhere: those of npm packages in one warning, with a warning for each file at
 * verbosity 2.
 *
 * @throws StaticFilesError `source` with all that are errors, grouped by file
 */
export function tellMissing(
  files: readonly TrackedFile[],
  links: readonly (readonly Link[])[],
  rules: FingerprintRules,
  context: ProcessorContext,
): void {
  const broken = (action: MissingAction) =>
    files.flatMap((file, index): Broken[] => {
      const missing = links[index]!.filter((link) => actionFor(file, link, rules) === action);
      return missing.length > 0 ? [{ file, links: missing }] : [];
    });
  const names = files.map(({ output }) => output.logicalPath);
  const [errors, warnings] = [broken('error'), broken('warn')];
  if (errors.length > 0) throw missingError(errors, names);
  warnOf(warnings.filter(isVendor), context);
  for (const one of warnings.filter((each) => !isVendor(each))) {
    context.warn({ code: 'missing-reference', message: describe(one, names) });
  }
}

function actionFor(file: TrackedFile, link: Link, rules: FingerprintRules): MissingAction {
  if (link.target !== undefined || file.fixed === 'prehashed' || !isRewritten(link, rules)) return 'ignore';
  if (rules.missing !== undefined) return rules.missing;
  return file.output.source?.root.vendor || isSourceMap(link.reference) ? 'warn' : 'error';
}

function isVendor({ file }: Broken): boolean {
  return file.output.source?.root.vendor ?? false;
}

function missingError(errors: readonly Broken[], names: readonly string[]): StaticFilesError {
  const count = errors.reduce((sum, { links }) => sum + links.length, 0);
  const heading = `${count} reference${count === 1 ? ' leads' : 's lead'} to no static file; nothing was published.`;
  return new StaticFilesError('source', [heading, ...errors.map((each) => describe(each, names))].join('\n'));
}

/** Sources of packages often refer to what is not shipped: hundreds of lines that nobody can mend, so no name is suggested. */
function warnOf(vendor: readonly Broken[], context: ProcessorContext): void {
  if (vendor.length === 0) return;
  const count = vendor.reduce((sum, { links }) => sum + links.length, 0);
  const message =
    `${count} references in ${vendor.length} files of npm packages lead to no static file and are left as they are ` +
    '(-v 2 shows each).';
  context.warn({ code: 'missing-vendor-reference', message });
  for (const one of vendor) {
    context.warn({ code: 'missing-reference', message: describe(one, []), verbosity: 2 });
  }
}

function describe({ file, links }: Broken, names: readonly string[]): string {
  const bytes = readBody(file.body);
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const positions = positionsOf(
    view,
    links.map(({ reference }) => reference.start),
  );
  const lines = links.map(({ reference, logicalPath }, index) => {
    const { line, column, text } = positions[index]!;
    const [nearest] = nearestNames(logicalPath, names);
    const hint = nearest === undefined ? '' : ` (is '${nearest}' meant?)`;
    return `  line ${line}, column ${column}: '${reference.url}' is no static file '${logicalPath}'${hint}\n    ${text}`;
  });
  const where = file.output.source?.sourcePath ?? file.output.logicalPath;
  return [`${where}:`, ...lines].join('\n');
}
