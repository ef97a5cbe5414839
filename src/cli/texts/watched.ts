import { printableName } from '../../printable.js';
import type { WatchedRun } from '../../watch.js';

/** How many files a line names. */
const NAMED = 3;

/** One line for a run that followed a change: what had changed, what was done, and how long it took. */
export function watchedText({ changes, report: { counts }, milliseconds }: WatchedRun): string {
  const written = counts.copied + counts.linked + counts.postProcessed;
  return `${changesText(changes)}: ${files(written)} published in ${Math.round(milliseconds)} ms.`;
}

const CHANGES = { added: 'added', changed: 'changed', moved: 'found elsewhere', removed: 'removed' } as const;

function changesText(changes: WatchedRun['changes']): string {
  const named = Array.from(
    changes,
    ([logicalPath, change]) => `${printableName(logicalPath)} ${CHANGES[change]}`,
  );
  const others = named.length - NAMED;
  const text = named.slice(0, NAMED).join(', ');
  return others > 0 ? `${text} and ${others} more` : text;
}

function files(count: number): string {
  return `${count} ${count === 1 ? 'file' : 'files'}`;
}
