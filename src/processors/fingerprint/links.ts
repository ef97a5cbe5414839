import { foldersOf } from '../../model/public-path.js';
import { componentsInOrder } from '../../references/graph.js';
import type { Reference, ReferenceKind, SkippedReference } from '../../references/reference.js';
import { isLink, isOnlyWithFile, needsFile } from '../../references/reference-kinds.js';
import { createResolver, isRelative } from '../../references/resolve.js';
import { useSitesOf } from './custom-properties.js';
import type { FingerprintRules } from './options.js';
import { isRewritten } from './reference-rules.js';
import { keepsBytes, type TrackedFile } from './track-files.js';

/** A reference to a static file, which may be missing. */
export interface Link {
  readonly reference: Reference;
  /** The logical path that it resolves to. */
  readonly logicalPath: string;
  /** The index of the file with that path; `undefined` if it is missing. */
  readonly target: number | undefined;
}

/** What a reference resolves to, and whether it is rewritten. */
interface Classified {
  /** `rewritten`, or why not (docs/references.md). */
  readonly status: string;
  readonly logicalPath?: string;
  readonly target?: number;
}

/** Where a custom property is used, its URL resolves to different files, or to none. */
const AMBIGUOUS: Classified = { status: 'ambiguous' };

/** Resolves the references in the files of a run. */
export interface Classifier {
  /** Returns the link of a reference; `undefined` if it resolves to a folder or outside of the static files. */
  link(reference: Reference, file: TrackedFile): Link | undefined;
  classify(reference: Reference, file: TrackedFile): Classified;
  /** Whether a file of the run has the logical path. */
  isFile(logicalPath: string): boolean;
  /** Returns the status of a reference that cannot be rewritten. */
  classifySkipped(skipped: SkippedReference, file: TrackedFile): string;
}

/** Returns the classifier for the files of a run. */
export function createClassifier(
  files: readonly TrackedFile[],
  rules: FingerprintRules,
  staticUrl: string,
): Classifier {
  const resolve = createResolver(staticUrl);
  const indexes = indexesByPath(files);
  const folders = foldersOf(files, ({ output }) => output.logicalPath);

  const useSites = useSitesOf(files);

  function lookUp(reference: Reference, { output }: TrackedFile): Classified {
    const { logicalPath } = output;
    const { url, customProperty } = reference;
    return customProperty !== undefined && isRelative(url)
      ? lookUpAtSites(useSites(customProperty, logicalPath), reference)
      : lookUpFrom(logicalPath, reference);
  }

  function lookUpFrom(path: string, reference: Reference): Classified {
    const { url, kind } = reference;
    const resolution = resolve(url, path);
    if ('folder' in resolution && needsFile(reference))
      return { status: 'missing', logicalPath: resolution.folder };
    if ('leftAlone' in resolution) return { status: resolution.leftAlone };
    const { logicalPath, isShared = false } = resolution;
    const target = indexes.get(logicalPath);
    if (target === undefined) {
      if (isShared) return { status: 'outside-static-url' };
      if (isOnlyWithFile(kind)) return { status: 'missing' };
      const isFolder = folders.has(logicalPath) && !needsFile(reference);
      return { status: isFolder ? 'folder' : 'missing', logicalPath };
    }
    if (files[target]!.keepsName) return { status: 'keeps-name', logicalPath, target };
    if (isLink(kind) && rules.originals) return { status: 'link', logicalPath };
    return { status: 'rewritten', logicalPath, target };
  }

  /** A URL in a custom property is rewritten if it resolves to the same file wherever it is used. */
  function lookUpAtSites(sites: readonly string[], reference: Reference): Classified {
    const [first, ...others] = sites.map((path) => lookUpFrom(path, reference));
    if (first === undefined) return AMBIGUOUS;
    const isSame = others.every(
      ({ status, logicalPath }) => status === first.status && logicalPath === first.logicalPath,
    );
    const isMissing = first.logicalPath !== undefined && first.target === undefined;
    return isSame && !isMissing ? first : AMBIGUOUS;
  }

  return {
    link(reference, file) {
      const { status, logicalPath, target } = lookUp(reference, file);
      return logicalPath === undefined || status === 'folder' || status === 'link'
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
 * Returns the index of the file for each path that a reference may resolve to.
 *
 * Several files may share a logical path; the one that is named here wins. Files that an earlier processor has named,
 * variants too, are also found by public path, since that processor may have rewritten references.
 */
function indexesByPath(files: readonly TrackedFile[]): ReadonlyMap<string, number> {
  const indexes = new Map<string, number>();
  const named: number[] = [];
  for (const [index, { output, keepsName }] of files.entries()) {
    if (keepsName === 'already-named') named.push(index);
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

/** The reason why references of a kind are never rewritten in a file. */
function whyLeft(
  { kind }: { readonly kind: ReferenceKind },
  file: TrackedFile,
  rules: FingerprintRules,
): string | undefined {
  if (keepsBytes(file)) return 'prehashed-file';
  return isRewritten(kind, rules.references) ? undefined : 'off';
}

/** The links of a file without any. A single list, so that comparing identities finds these files fast. */
export const NO_LINKS: readonly Link[] = [];

/** Returns the links of each file, in the order of the files. */
export function linksOf(files: readonly TrackedFile[], classifier: Classifier): readonly (readonly Link[])[] {
  return files.map((file) => linksOfFile(file, classifier));
}

/** Returns the links of a file: its references to files below `staticUrl`, in the order of their positions. */
export function linksOfFile(file: TrackedFile, classifier: Classifier): readonly Link[] {
  const references = file.digest.scan?.references;
  if (references === undefined || references.length === 0) return NO_LINKS;
  return references.flatMap((reference) => classifier.link(reference, file) ?? []);
}

/** Returns the links of each file that are rewritten. Most files have none. */
export function followedLinks(
  files: readonly TrackedFile[],
  links: readonly (readonly Link[])[],
  rules: FingerprintRules,
): readonly (readonly Link[])[] {
  const isFollowed = (link: Link) =>
    link.target !== undefined &&
    !files[link.target]!.keepsName &&
    isRewritten(link.reference.kind, rules.references);
  return links.map((all, index) => {
    if (all.length === 0 || keepsBytes(files[index]!)) return NO_LINKS;
    const followed = all.filter(isFollowed);
    return followed.length === 0 ? NO_LINKS : followed;
  });
}

/** Yields the components of the files with links, in dependency order. The other files, nearly all, need no order. */
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
