import { foldersOf } from '../../paths.js';
import type { Reference } from '../../references/reference.js';
import { createResolver } from '../../references/resolve.js';
import type { FingerprintRules } from './options.js';
import type { TrackedFile } from './tracked-file.js';

/** A reference in one file to another of this run, or to nothing. */
export interface Link {
  readonly reference: Reference;
  /** The logical path that it leads to. */
  readonly logicalPath: string;
  /** The index of the file there; none where there is no such file. */
  readonly target: number | undefined;
}

const NO_LINKS: readonly Link[] = [];

/** The links of each file, by the files' order: the references that lead under `staticUrl`, and not to a folder. */
export function linksOf(files: readonly TrackedFile[], staticUrl: string): readonly (readonly Link[])[] {
  const resolve = createResolver(staticUrl);
  const indexes = new Map(files.map(({ output }, index) => [output.logicalPath, index]));
  const folders = foldersOf(files, ({ output }) => output.logicalPath);
  return files.map(({ output, digest }) => {
    const references = digest.scan?.references;
    if (references === undefined || references.length === 0) return NO_LINKS;
    return references.flatMap((reference): Link[] => {
      const resolution = resolve(reference.url, output.logicalPath);
      if ('leftAlone' in resolution) return [];
      const { logicalPath } = resolution;
      const target = indexes.get(logicalPath);
      return target === undefined && folders.has(logicalPath) ? [] : [{ reference, logicalPath, target }];
    });
  });
}

/** Whether the options have such references rewritten. */
export function isRewritten({ reference }: Link, { references }: FingerprintRules): boolean {
  if (isSourceMap(reference)) return references.sourceMaps;
  return reference.kind.startsWith('css-') ? references.css : references.javascript;
}

/** Whether it is the comment that names a source map. */
export function isSourceMap({ kind }: Reference): boolean {
  return kind === 'css-source-map' || kind === 'js-source-map';
}
