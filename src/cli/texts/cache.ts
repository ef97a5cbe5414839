import type { CacheAmount, CachePruneReport, CacheReport } from '../../cache/prune-cache.js';
import { quoted } from '../../printable.js';
import { sizeText } from './amount.js';

/** What the cache holds, and what was deleted of it. */
export function cacheText(report: CacheReport | CachePruneReport): string {
  const { folder, packs, size, sizeOnDisk } = report;
  const sizes = `${sizeText(size)}, ${sizeText(sizeOnDisk)} on the disk`;
  const inPacks = report.entries === 0 ? '' : ` in ${counted(packs, 'file')}`;
  const holds = `${quoted(folder)} holds ${entriesText(report)}${inPacks}${restText(report)} (${sizes}).`;
  return 'deleted' in report ? `${deletedText(report.deleted)}\n${holds}` : holds;
}

function deletedText(deleted: CacheAmount): string {
  return `Deleted ${entriesText(deleted)}${restText(deleted)} (${sizeText(deleted.size)}).`;
}

function entriesText({ entries }: CacheAmount): string {
  return counted(entries, 'compressed content');
}

function restText({ records, temporaries, others }: CacheAmount): string {
  const rest = [
    counted(records, 'record'),
    temporaries > 0 && counted(temporaries, 'temporary file'),
    others > 0 && counted(others, 'other file'),
  ];
  return rest
    .filter(Boolean)
    .map((each) => `, ${each}`)
    .join('');
}

function counted(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}
