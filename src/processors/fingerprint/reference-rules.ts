import picomatch from 'picomatch';
import type { Output } from '../../model/output.js';
import type { Reference, ReferenceKind } from '../../references/reference.js';

/** What happens to a missing reference: it fails the run, is a warning, or is ignored. */
export type MissingAction = 'error' | 'warn' | 'ignore';

/** What happens to some missing references. Without `files` or `kinds` it applies to all. */
export interface MissingRule {
  /** Globs of logical paths of the files with the references. */
  readonly files?: string | readonly string[];
  /** Kinds of references: `css-url`, `js-import`… See docs/references.md. */
  readonly kinds?: readonly string[];
  readonly action: MissingAction;
}

/** Which kinds of references are rewritten. */
export interface RewrittenKinds {
  readonly css: boolean;
  readonly javascript: boolean;
  readonly sourceMaps: boolean;
  readonly svg: boolean;
  readonly webmanifest: boolean;
}

/** Whether references of a kind are rewritten. Those of custom scanners always are. */
export function isRewritten(kind: ReferenceKind, rules: RewrittenKinds): boolean {
  if (isSourceMap(kind)) return rules.sourceMaps;
  if (kind.startsWith('css-')) return rules.css;
  if (kind.startsWith('js-')) return rules.javascript;
  if (kind === 'svg' || kind === 'svg-link') return rules.svg;
  return kind === 'webmanifest' || kind === 'webmanifest-link' ? rules.webmanifest : true;
}

function isSourceMap(kind: ReferenceKind): boolean {
  return kind === 'css-source-map' || kind === 'js-source-map';
}

/** Returns what happens to a missing reference in a file. */
export type MissingPolicy = (file: Output, reference: Reference) => MissingAction;

/**
 * Returns the policy of the option `missing`. The first rule that applies decides. By default, a missing reference is an
 * error in your own files. It is a warning for source maps, for an `@import` that browsers ignore, and in npm packages,
 * which often refer to files that they do not ship.
 */
export function missingPolicy(option: MissingAction | readonly MissingRule[] = []): MissingPolicy {
  if (typeof option === 'string') return () => option;
  const rules = option.map(({ files, kinds, action }) => {
    const inFiles = files === undefined ? () => true : picomatch(files as string | string[], { dot: true });
    const applies = ({ logicalPath }: Output, kind: ReferenceKind) =>
      (kinds?.includes(kind) ?? true) && inFiles(logicalPath);
    return { action, applies };
  });
  return (file, reference) =>
    rules.find(({ applies }) => applies(file, reference.kind))?.action ?? defaultAction(file, reference);
}

function defaultAction({ source }: Output, { kind, isIgnored = false }: Reference): MissingAction {
  return source?.root.vendor || isSourceMap(kind) || isIgnored ? 'warn' : 'error';
}
