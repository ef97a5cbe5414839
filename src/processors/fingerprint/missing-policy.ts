import picomatch from 'picomatch';
import { isSourceMap, type Link } from './links.js';
import type { MissingAction, MissingRule } from './options.js';
import type { TrackedFile } from './tracked-file.js';

/** What is to be done about a reference that leads nowhere. */
export type MissingPolicy = (file: TrackedFile, link: Link) => MissingAction;

/**
 * The first rule that fits decides. Where none does, it is an error in the project's own files, and a warning in npm
 * packages, which often refer to what is not shipped, and for source maps.
 */
export function missingPolicy(option: MissingAction | readonly MissingRule[] = []): MissingPolicy {
  if (typeof option === 'string') return () => option;
  const rules = option.map(({ files, kinds, action }) => {
    const inFiles = files === undefined ? () => true : picomatch(files as string | string[], { dot: true });
    return {
      action,
      fits: ({ output }: TrackedFile, { reference }: Link) =>
        (kinds?.includes(reference.kind) ?? true) && inFiles(output.logicalPath),
    };
  });
  return (file, link) => rules.find(({ fits }) => fits(file, link))?.action ?? defaultAction(file, link);
}

function defaultAction({ output }: TrackedFile, { reference }: Link): MissingAction {
  return output.source?.root.vendor || isSourceMap(reference.kind) ? 'warn' : 'error';
}
