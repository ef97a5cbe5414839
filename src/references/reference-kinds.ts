import type { Reference, ReferenceKind } from './reference.js';

/**
 * Whether references of a kind are links, which browsers open or load later. They are rewritten if the plain name of
 * their file is not published: for everything else, a name that stays the same is better.
 */
export function isLink(kind: ReferenceKind): boolean {
  return kind === 'html-link' || kind === 'svg-link' || kind === 'webmanifest-link';
}

/** Whether text of a kind is a reference only if this run has its file: links to pages, texts in structured data. */
export function isOnlyWithFile(kind: ReferenceKind): boolean {
  return isLink(kind) || kind === 'html-json-ld';
}

/** Kinds that a browser loads as a script, style sheet or source map. A folder answers with a page, if at all. */
const FILE_KINDS = new Set<ReferenceKind>([
  'js-import',
  'js-export',
  'js-dynamic-import',
  'css-import',
  'js-source-map',
  'css-source-map',
]);

/** Whether a reference to a folder is missing: `import './menu'` does not load `menu/index.js` in a browser. */
export function needsFile(reference: Pick<Reference, 'kind' | 'needsFile'>): boolean {
  return reference.needsFile ?? FILE_KINDS.has(reference.kind);
}
