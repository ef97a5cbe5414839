import picomatch from 'picomatch';
import type { Output } from '../../output.js';
import type { ReferenceKind } from '../../references/reference.js';
import { isSourceMap } from './kinds.js';
import type { MissingAction, MissingRule } from './options.js';

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
