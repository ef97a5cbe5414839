import type { Pruned } from '../prune/limits.js';
import type { ReleaseSummary } from '../releases/releases.js';
import type { ReleasesReport } from './reporter.js';

/** What docs/json.md says of releases. */
export function releasesDocument(report: ReleasesReport): object {
  switch (report.verb) {
    case 'list':
      return { action: 'list', active: report.active ?? null, releases: report.releases.map(summary) };
    case 'show':
      return {
        action: 'show',
        release: summary(report),
        contents: report.contents.map(({ publicPath, size, only }) => ({
          path: publicPath,
          size: size ?? null,
          only,
        })),
      };
    case 'diff':
      return {
        ...{ action: 'diff', from: report.from, to: report.to, same: report.same },
        changes: report.changes.map(({ logicalPath, change, from, to }) => ({
          ...{ path: logicalPath, change, from: from ?? null, to: to ?? null },
        })),
      };
    case 'activate':
      return {
        ...{ action: 'activate', id: report.id, previous: report.previous ?? null },
        otherBytes: report.otherBytes,
      };
    case 'remove':
      return { action: 'remove', id: report.id, only: report.only };
  }
}

function summary({ id, published, active, files, size, only }: ReleaseSummary): object {
  return { id, published: published?.toISOString() ?? null, active, files, size, only };
}

/** What docs/json.md says of pruning. */
export function prunedDocument({ plan, deleted, tooMany }: Pruned): object {
  return {
    ...{ deleted, tooMany },
    quietUntil: plan.quietUntil?.toISOString() ?? null,
    releases: plan.releases.map(({ id, published, fate, reason }) => ({
      ...{ id, published: published?.toISOString() ?? null, fate, reason },
    })),
    files: plan.files.map(({ publicPath, size, reason }) => ({ path: publicPath, size, reason })),
    spared: plan.spared.map(({ publicPath, reason }) => ({ path: publicPath, reason })),
  };
}
