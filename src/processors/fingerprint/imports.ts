import type { ReferenceKind } from '../../references/reference.js';
import type { ProcessorContext } from '../processor.js';
import { isRewritten } from './kinds.js';
import type { Classifier, Link } from './links.js';
import type { FingerprintRules } from './rules.js';
import type { TrackedFile } from './tracked-file.js';

/** What imports are judged by. */
export interface ImportSurvey extends Pick<ProcessorContext, 'resolveSpecifier'> {
  readonly files: readonly TrackedFile[];
  readonly classifier: Classifier;
  readonly rules: FingerprintRules;
}

interface Import {
  readonly start: number;
  readonly logicalPath: string;
}

/**
 * The logical paths of what a module imports statically, in their order, each once: files of this run alone, and those
 * alone whose published names the module asks for.
 *
 * @param links those of the file
 * @returns `undefined` where there are none, as in nearly all files
 */
export function importsOf(
  file: TrackedFile,
  links: readonly Link[],
  survey: ImportSurvey,
): readonly string[] | undefined {
  if (links.length === 0 && !file.digest.scan?.skipped.length) return undefined;
  const imports = [...linkedImports(file, links, survey), ...mappedImports(file, survey)];
  if (imports.length === 0) return undefined;
  imports.sort((a, b) => a.start - b.start);
  return [...new Set(imports.map(({ logicalPath }) => logicalPath))];
}

/** By relative and absolute URLs. */
function linkedImports(
  file: TrackedFile,
  links: readonly Link[],
  { files, rules }: ImportSurvey,
): readonly Import[] {
  const keepsBytes = file.fixed === 'prehashed' || file.fixed === 'named-already';
  const followsNames = ({ kind }: Link['reference']) => !keepsBytes && isRewritten(kind, rules.references);
  return links.flatMap(({ reference, target }) => {
    if (target === undefined || !isStaticImport(reference.kind)) return [];
    const { output, fixed } = files[target]!;
    if (!fixed && !followsNames(reference)) return [];
    return { start: reference.start, logicalPath: output.logicalPath };
  });
}

/** By bare specifiers that the import map leads to a file. */
function mappedImports(
  { digest }: TrackedFile,
  { classifier, resolveSpecifier }: ImportSurvey,
): readonly Import[] {
  return (digest.scan?.skipped ?? []).flatMap(({ kind, specifier, start }) => {
    if (specifier === undefined || !isStaticImport(kind)) return [];
    const logicalPath = resolveSpecifier(specifier);
    return logicalPath !== undefined && classifier.isFile(logicalPath) ? { start, logicalPath } : [];
  });
}

function isStaticImport(kind: ReferenceKind): boolean {
  return kind === 'js-import' || kind === 'js-export';
}
