import type { ReferenceKind } from '../../references/reference.js';

/** Which references are rewritten. */
export interface RewrittenKinds {
  readonly css: boolean;
  readonly javascript: boolean;
  readonly sourceMaps: boolean;
}

/** Whether references of that kind are rewritten; those of a user's scanner always are. */
export function isRewritten(kind: ReferenceKind, { css, javascript, sourceMaps }: RewrittenKinds): boolean {
  if (isSourceMap(kind)) return sourceMaps;
  if (kind.startsWith('css-')) return css;
  return kind.startsWith('js-') ? javascript : true;
}

/** Whether it is the comment that names a source map. */
export function isSourceMap(kind: ReferenceKind): boolean {
  return kind === 'css-source-map' || kind === 'js-source-map';
}
