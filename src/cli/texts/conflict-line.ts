import type { Conflict } from '../../conflicts.js';
import { printableName, quoted } from '../../printable.js';
import type { StaticFile } from '../../static-file.js';

/** One conflict: the path, who wins over whom, and whether that makes a difference. Reads both files. */
export function conflictLine(conflict: Conflict): string {
  return (
    `Found another file with the destination path ${quoted(conflict.logicalPath)}. ` +
    'It will be ignored since only the first encountered file is collected: ' +
    `${origin(conflict.winner)} wins over ${origin(conflict.shadowed)}; ${difference(conflict)}.`
  );
}

function origin({ sourcePath, root }: StaticFile): string {
  return `${quoted(sourcePath)} from ${printableName(root.setting)}`;
}

function difference(conflict: Conflict): string {
  const same = comparedBytes(conflict);
  if (same === undefined) return 'one of them can no longer be read, so they could not be compared';
  return same ? 'their bytes are the same' : 'their bytes differ';
}

/** Whether the bytes are the same; `undefined` where a file has become unreadable since, which undoes no run. */
export function comparedBytes(conflict: Conflict): boolean | undefined {
  try {
    return conflict.sameBytes();
  } catch {
    return undefined;
  }
}
