import { foldersOf } from '../../model/public-path.js';
import { componentsInOrder } from '../../references/graph.js';
import type { Reference, ReferenceKind, SkippedReference } from '../../references/reference.js';
import { createResolver } from '../../references/resolve.js';
import type { FingerprintRules } from './options.js';
import { isRewritten } from './reference-rules.js';
import { keepsBytes, type TrackedFile } from './track-files.js';

/** A reference in one file to another of this run, or to nothing. */
export interface Link {
  readonly reference: Reference;
  /** The logical path that it leads to. */
  readonly logicalPath: string;
  /** The index of the file there; none where there is no such file. */
  readonly target: number | undefined;
}

/** Where a reference leads, and what becomes of it. */
interface Classified {
  /** `rewritten`, or why not (docs/references.md). */
  readonly status: string;
  readonly logicalPath?: string;
  readonly target?: number;
}

/** Tells the references of one run's files apart. */
export interface Classifier {
  /** The link that a reference is; none where it leads to a folder, or out of the static files. */
  link(reference: Reference, file: TrackedFile): Link | undefined;
  classify(reference: Reference, file: TrackedFile): Classified;
  /** Whether a file of these has that logical path. */
  isFile(logicalPath: string): boolean;
  /** Of a reference that its scanner found to be none that can be rewritten. */
  classifySkipped(skipped: SkippedReference, file: TrackedFile): string;
}

/** A classifier for references among these files only. */
export function createClassifier(
  files: readonly TrackedFile[],
  rules: FingerprintRules,
  staticUrl: string,
): Classifier {
  const resolve = createResolver(staticUrl);
  const indexes = indexesByPath(files);
  const folders = foldersOf(files, ({ output }) => output.logicalPath);

  function lookUp(reference: Reference, { output }: TrackedFile): Classified {
    const resolution = resolve(reference.url, output.logicalPath);
    if ('leftAlone' in resolution) return { status: resolution.leftAlone };
    const { logicalPath } = resolution;
    const target = indexes.get(logicalPath);
    if (target === undefined) return { status: folders.has(logicalPath) ? 'folder' : 'missing', logicalPath };
    return { status: files[target]!.fixed ? 'fixed-name' : 'rewritten', logicalPath, target };
  }

  return {
    link(reference, file) {
      const { status, logicalPath, target } = lookUp(reference, file);
      return logicalPath === undefined || status === 'folder'
        ? undefined
        : { reference, logicalPath, target };
    },
    classify(reference, file) {
      const found = lookUp(reference, file);
      const status = whyLeft(reference, file, rules) ?? found.status;
      return { ...found, status };
    },
    isFile: (logicalPath) => indexes.has(logicalPath),
    classifySkipped: (skipped, file) => whyLeft(skipped, file, rules) ?? skipped.reason,
  };
}

/**
 * The files by the paths that references may lead to. Under its logical path a file is the one that gets its name here,
 * if there is one. What an earlier processor has named, variants too, is also found under its public path, by which
 * that processor may have rewritten references.
 */
function indexesByPath(files: readonly TrackedFile[]): ReadonlyMap<string, number> {
  const indexes = new Map<string, number>();
  const named: number[] = [];
  for (const [index, { output, fixed }] of files.entries()) {
    if (fixed === 'named-already') named.push(index);
    else indexes.set(output.logicalPath, index);
  }
  const add = (path: string, index: number) => {
    if (!indexes.has(path)) indexes.set(path, index);
  };
  for (const index of named) {
    const { logicalPath, variantOf } = files[index]!.output;
    if (variantOf === undefined) add(logicalPath, index);
  }
  for (const index of named) add(files[index]!.output.publicPath, index);
  return indexes;
}

/** Why no reference of that kind is rewritten in a file, wherever it leads. */
function whyLeft(
  { kind }: { readonly kind: ReferenceKind },
  file: TrackedFile,
  rules: FingerprintRules,
): string | undefined {
  if (keepsBytes(file)) return 'prehashed-file';
  return isRewritten(kind, rules.references) ? undefined : 'off';
}

export const NO_LINKS: readonly Link[] = [];

/** The links of each file, by the files' order: the references that lead under `staticUrl`, and not to a folder. */
export function linksOf(files: readonly TrackedFile[], classifier: Classifier): readonly (readonly Link[])[] {
  return files.map((file) => linksOfFile(file, classifier));
}

/** The same of one file. */
export function linksOfFile(file: TrackedFile, classifier: Classifier): readonly Link[] {
  const references = file.digest.scan?.references;
  if (references === undefined || references.length === 0) return NO_LINKS;
  return references.flatMap((reference) => classifier.link(reference, file) ?? []);
}

/** What a file without such links has: one list for all, so that they are told apart at once. */

/** The links of each file that change with their targets' names. Most files have none. */
export function followedLinks(
  files: readonly TrackedFile[],
  links: readonly (readonly Link[])[],
  rules: FingerprintRules,
): readonly (readonly Link[])[] {
  const isFollowed = (link: Link) =>
    link.target !== undefined &&
    !files[link.target]!.fixed &&
    isRewritten(link.reference.kind, rules.references);
  return links.map((own, index) => {
    if (own.length === 0 || keepsBytes(files[index]!)) return NO_LINKS;
    const followed = own.filter(isFollowed);
    return followed.length === 0 ? NO_LINKS : followed;
  });
}

/** The components of the graph of files that have links; the others, nearly all, need no order. */
export function* linkedComponents(followed: readonly (readonly Link[])[]): Generator<readonly number[]> {
  const linked = [...followed.keys()].filter((index) => followed[index] !== NO_LINKS);
  const nodes = new Map(linked.map((index, node) => [index, node]));
  const edges = linked.map((index) =>
    followed[index]!.flatMap(({ target }) => {
      const node = nodes.get(target!);
      return node === undefined ? [] : [node];
    }),
  );
  for (const component of componentsInOrder(edges)) yield component.map((node) => linked[node]!);
}
