import type { CollectCounts } from '../../collectstatic.js';
import { quoted } from '../../printable.js';

/** What the summary tells of. */
export interface Summary {
  readonly counts: CollectCounts;
  /** Where the files went. */
  readonly destination?: string | undefined;
  /** Whether links were asked for. */
  readonly link: boolean;
}

/** The sentence at the end of a run, in Django's words: parts that are zero are left out, save what it was to do. */
export function summaryLine({ counts, destination, link }: Summary): string {
  const parts = [
    counts.deleted > 0 && `${staticFiles(counts.deleted)} deleted`,
    link && `${staticFiles(counts.linked)} symlinked`,
    (!link || counts.copied > 0) && `${staticFiles(counts.copied)} copied`,
  ].filter((part) => part !== false);
  const rest = [
    counts.unmodified > 0 && `${counts.unmodified} unmodified`,
    counts.reheadered > 0 && `${counts.reheadered} given other headers`,
    counts.postProcessed > 0 && `${counts.postProcessed} post-processed`,
    counts.conflicts > 0 && `${counts.conflicts} skipped due to conflict`,
  ].filter((part) => part !== false);
  const to = destination === undefined ? '' : ` to ${quoted(destination)}`;
  return `${[parts.join(', ') + to, ...rest].join(', ')}.`;
}

function staticFiles(count: number): string {
  return `${count} static ${count === 1 ? 'file' : 'files'}`;
}
