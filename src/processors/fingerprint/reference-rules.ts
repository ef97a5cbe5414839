import picomatch from 'picomatch';
import type { Output } from '../../model/output.js';
import type { ReferenceKind } from '../../references/reference.js';

/** What happens to a reference that leads nowhere. */
export type MissingAction = 'error' | 'warn' | 'ignore';

/** What happens to some of the references that lead nowhere. What is left out fits all. */
export interface MissingRule {
  /** Globs of the logical paths of the files that they stand in. */
  readonly files?: string | readonly string[];
  /** What they are written as: `css-url`, `js-import`… */
  readonly kinds?: readonly string[];
  readonly action: MissingAction;
}

/** Which references are rewritten. */
export interface RewrittenKinds {
  readonly css: boolean;
  readonly javascript: boolean;
  readonly sourceMaps: boolean;
  readonly svg: boolean;
  readonly webmanifest: boolean;
}

/** Whether references of that kind are rewritten; those of a user's scanner always are. */
export function isRewritten(kind: ReferenceKind, rules: RewrittenKinds): boolean {
  if (isSourceMap(kind)) return rules.sourceMaps;
  if (kind.startsWith('css-')) return rules.css;
  if (kind.startsWith('js-')) return rules.javascript;
  if (kind === 'svg') return rules.svg;
  return kind === 'webmanifest' ? rules.webmanifest : true;
}

/** Whether it is the comment that names a source map. */
function isSourceMap(kind: ReferenceKind): boolean {
  return kind === 'css-source-map' || kind === 'js-source-map';
}

/** What is to be done about a reference of that kind that leads nowhere, in a file. */
export type MissingPolicy = (file: Output, kind: ReferenceKind) => MissingAction;

/**
 * The first rule that fits decides. Where none does, it is an error in the project's own files, and a warning in npm
 * packages, which often refer to what is not shipped, and for source maps.
 */
export function missingPolicy(option: MissingAction | readonly MissingRule[] = []): MissingPolicy {
  if (typeof option === 'string') return () => option;
  const rules = option.map(({ files, kinds, action }) => {
    const inFiles = files === undefined ? () => true : picomatch(files as string | string[], { dot: true });
    const fits = ({ logicalPath }: Output, kind: ReferenceKind) =>
      (kinds?.includes(kind) ?? true) && inFiles(logicalPath);
    return { action, fits };
  });
  return (file, kind) => rules.find(({ fits }) => fits(file, kind))?.action ?? defaultAction(file, kind);
}

function defaultAction({ source }: Output, kind: ReferenceKind): MissingAction {
  return source?.root.vendor || isSourceMap(kind) ? 'warn' : 'error';
}
