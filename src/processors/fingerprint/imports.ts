import type { ReferenceKind } from '../../references/reference.js';
import type { ProcessorContext } from '../processor.js';
import type { Classifier, Link } from './links.js';
import type { FingerprintRules } from './options.js';
import { isRewritten } from './reference-rules.js';
import { keepsBytes, type TrackedFile } from './track-files.js';

/** What decides which imports count. */
export interface ImportSurvey extends Pick<ProcessorContext, 'resolveSpecifier'> {
  readonly files: readonly TrackedFile[];
  readonly classifier: Classifier;
  readonly rules: FingerprintRules;
}

/**
 * Returns the logical paths of the files that a module imports statically, in their order and each once. Leaves out
 * imports that ask for another name than the published one.
 *
 * @param links the links of the file
 * @returns `undefined` if there are none, as in nearly all files
 */
export function importsOf(
  file: TrackedFile,
  links: readonly Link[],
  survey: ImportSurvey,
): readonly string[] | undefined {
  const linked = linkedImports(file, links, survey);
  const mapped = mappedImports(file, survey);
  if (linked.length + mapped.length === 0) return undefined;
  const imports = mapped.length === 0 ? linked : [...linked, ...mapped].sort((a, b) => a.start - b.start);
  return [...new Set(imports.map(({ logicalPath }) => logicalPath))];
}

interface Import {
  readonly start: number;
  readonly logicalPath: string;
}

const NO_IMPORTS: readonly Import[] = [];

/** Imports by relative and absolute URLs. */
function linkedImports(
  file: TrackedFile,
  links: readonly Link[],
  { files, rules }: ImportSurvey,
): readonly Import[] {
  if (links.length === 0) return NO_IMPORTS;
  const isUnchanged = keepsBytes(file);
  const imports: Import[] = [];
  for (const { reference, target } of links) {
    if (target === undefined || !isStaticImport(reference.kind)) continue;
    const { output, keepsName } = files[target]!;
    if (!keepsName && (isUnchanged || !isRewritten(reference.kind, rules.references))) continue;
    imports.push({ start: reference.start, logicalPath: output.logicalPath });
  }
  return imports;
}

/** Imports by bare specifiers that the import map resolves to a file. */
function mappedImports(
  { digest }: TrackedFile,
  { classifier, resolveSpecifier }: ImportSurvey,
): readonly Import[] {
  const skipped = digest.scan?.skipped;
  if (skipped === undefined || skipped.length === 0) return NO_IMPORTS;
  return skipped.flatMap(({ kind, specifier, start }) => {
    if (specifier === undefined || !isStaticImport(kind)) return [];
    const logicalPath = resolveSpecifier(specifier);
    return logicalPath !== undefined && classifier.isFile(logicalPath) ? { start, logicalPath } : [];
  });
}

function isStaticImport(kind: ReferenceKind): boolean {
  return kind === 'js-import' || kind === 'js-export';
}
