import type { CachePruneReport, CacheReport } from '../cache/prune-cache.js';
import type { CollectReport, Stage } from '../collectstatic.js';
import type { Plan } from '../plan.js';
import type { PruneReport } from '../prune/prune.js';
import type { PrunePlan } from '../prune/pruning.js';
import type { ReferenceCounts } from '../reference-report.js';
import type { ActivatedReport } from '../releases/activate-release.js';
import type { ReleaseDiff } from '../releases/diff-releases.js';
import type { ReleaseDetails, ReleaseList } from '../releases/releases.js';
import type { RemovedReport } from '../releases/remove-release.js';
import type { SearchRoot, Warning } from '../static-file.js';
import type { WatchedRun } from '../watch.js';
import type { WhyResult } from '../why.js';

/** What findstatic found, and where it looked. */
export interface FindReport {
  readonly results: readonly WhyResult[];
  readonly searched: readonly SearchedRoot[];
  /** Whether it was asked why the files are published under their names. */
  readonly why?: boolean;
}

/** A folder that was searched, and by which finder. */
export interface SearchedRoot extends SearchRoot {
  readonly finder: string;
}

/** A server that has begun. */
export interface Serving {
  readonly url: string;
  /** The folder that is served; none where the sources are. */
  readonly from: string | undefined;
}

/** A request that was answered. */
export interface Answered {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  /** The source that answered it, where it was one. */
  readonly source: string | undefined;
}

/** What `staticfiles releases` found, or did. */
export type ReleasesReport =
  | ({ readonly verb: 'list' } & ReleaseList)
  | ({ readonly verb: 'show' } & ReleaseDetails)
  | ({ readonly verb: 'diff'; readonly from: string; readonly to: string } & ReleaseDiff)
  | ({ readonly verb: 'activate' } & ActivatedReport)
  | ({ readonly verb: 'remove' } & RemovedReport);

/** Tells what a command does: to people, or to programs. The one place from which anything is printed. */
export interface Reporter {
  /** Warnings as soon as they are known; one told before is not told again. */
  warned(warnings: readonly Warning[]): void;
  /** How many references a processor found; told at the end. */
  referenced(counts: ReferenceCounts): void;
  /** What collectstatic is about to do. */
  planned(plan: Plan): void;
  /** To a file, in place of publishing. */
  planWritten(file: string): void;
  progressed(stage: Stage, done: number, total: number, bytes?: number): void;
  /** Something else is about to write to the terminal. */
  paused(): void;
  collected(report: CollectReport): void;
  /** Changes are waited for. */
  watching(): void;
  /** After a change. */
  collectedAgain(run: WatchedRun): void;
  /** Requests are waited for. */
  serving(server: Serving): void;
  answered(request: Answered): void;
  /** In a file that was answered. */
  brokenReference(message: string): void;
  found(report: FindReport): void;
  cached(report: CacheReport | CachePruneReport): void;
  released(report: ReleasesReport): void;
  /** What prune is about to do. */
  pruning(plan: PrunePlan, how: { readonly dryRun: boolean }): void;
  pruned(report: PruneReport): void;
  failed(error: unknown): void;
}
