import type { CachePruneReport, CacheReport } from '../../compression-cache.js';
import { quoted } from '../../printable.js';

/** What the cache holds, and what was deleted of it. */
export function cacheText(report: CacheReport | CachePruneReport): string {
  const holds = `${quoted(report.folder)} holds ${amount(report)}.`;
  return 'deleted' in report ? `${amount(report.deleted)} deleted; ${holds}` : holds;
}

function amount({ entries, size }: { readonly entries: number; readonly size: number }): string {
  const megabytes = (size / 1e6).toFixed(1);
  return `${entries} ${entries === 1 ? 'entry' : 'entries'} (${megabytes} MB)`;
}
