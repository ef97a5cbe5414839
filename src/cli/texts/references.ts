import type { ReferenceCounts } from '../../reference-report.js';

/** How many references of each kind were rewritten, and why the others were not. */
export function referencesText(byKind: ReferenceCounts): string {
  const lines = Object.entries(byKind)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, counts]) => `${kind}: ${statusesText(counts)}`);
  return ['References:', ...(lines.length === 0 ? ['none'] : lines)].join('\n  ');
}

/** The rewritten ones first, then by number. */
function statusesText(counts: Readonly<Record<string, number>>): string {
  const rank = (status: string) => (status === 'rewritten' ? Infinity : counts[status]!);
  return Object.keys(counts)
    .sort((a, b) => rank(b) - rank(a))
    .map((status) => `${counts[status]} ${status}`)
    .join(', ');
}
