import type { ReferenceKind } from '../../references/reference.js';

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
export function isSourceMap(kind: ReferenceKind): boolean {
  return kind === 'css-source-map' || kind === 'js-source-map';
}
