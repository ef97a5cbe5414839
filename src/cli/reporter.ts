import type { CachePruneReport, CacheReport } from '../cache/prune-cache.js';
import type { CollectResult, CollectSummary } from '../collectstatic.js';
import type { ExplainResult } from '../explain.js';
import type { SearchRoot, Warning } from '../model/static-file.js';
import type { Stage } from '../pipeline/options.js';
import type { Plan } from '../pipeline/plan.js';
import type { PruneResult } from '../prune/prune.js';
import type { PrunePlan } from '../prune/rules.js';
import type { ReferenceReport } from '../references/report.js';
import type { ActivateResult } from '../releases/activate.js';
import type { ReleaseDiff } from '../releases/diff.js';
import type { ReleaseDetails, ReleaseList } from '../releases/list.js';
import type { RemoveResult } from '../releases/remove.js';
import type { WatchedRun } from '../watchstatic.js';
import type { OutputStream } from './terminal.js';

/** The commands, by the name of their JSON documents. */
export type CommandName = 'collectstatic' | 'findstatic' | 'apply' | 'serve' | 'releases' | 'prune' | 'cache';

/** How much is printed: 0 only errors, 1 the outcome, 2 each file, 3 each file with its reason. */
export type Verbosity = 0 | 1 | 2 | 3;

/** Matches of findstatic, and the folders it searched. */
export interface FindReport {
  readonly results: readonly ExplainResult[];
  readonly searched: readonly SearchedRoot[];
  /** Whether the published names are explained too. */
  readonly why: boolean;
}

/** A folder that was searched, and by which finder. */
export interface SearchedRoot extends SearchRoot {
  readonly finder: string;
}

/** A server that accepts requests. */
export interface Serving {
  readonly url: string;
  /** The folder that is served; `undefined` if the sources are. */
  readonly from: string | undefined;
  /** Number of processes that serve; `undefined` if the command serves itself. */
  readonly workers?: number;
}

/** A request that was answered. */
export interface Answered {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  /** The source that answered it, if one did. */
  readonly source: string | undefined;
}

/** Result of one of the `staticfiles releases` commands. */
export type ReleasesReport =
  | ({ readonly verb: 'list' } & ReleaseList)
  | ({ readonly verb: 'show' } & ReleaseDetails)
  | ({ readonly verb: 'diff'; readonly from: string; readonly to: string } & ReleaseDiff)
  | ({ readonly verb: 'activate' } & ActivateResult)
  | ({ readonly verb: 'remove' } & RemoveResult);

/** How the outcome of a run is shown. */
export interface SummaryOptions {
  /** Whether links were asked for. */
  readonly link?: boolean;
  /** `django` for Django's sentence. */
  readonly summary?: 'full' | 'django';
  /** The folders that were searched. */
  readonly searched?: readonly SearchedRoot[];
}

/** Whether nothing is changed. */
interface DryRun {
  readonly dryRun?: boolean;
}

/** Prints what a command does, for you or for a program. Nothing else prints. */
export interface Reporter {
  /** Warnings as soon as they are known. Each is printed once. */
  warned(warnings: readonly Warning[]): void;
  /** References that a processor found. Keeps their numbers for the end. */
  referenced(report: ReferenceReport): void;
  /** The plan of collectstatic, before it is applied. */
  planned(plan: Plan, options: DryRun): void;
  /** The plan was written to a file. */
  planWritten(file: string): void;
  progressed(stage: Stage, done: number, total: number, bytes?: number): void;
  /** Clears the way for a question, and returns the stream to ask it on. */
  pause(): OutputStream;
  collected(result: CollectResult, options?: SummaryOptions): void;
  /** Prints what `collected` prints. Only a reporter that shows nothing of a plan has it. */
  summarized?(result: CollectSummary, options?: SummaryOptions): void;
  /** `--watch` waits for changes. */
  watching(): void;
  /** A run after a change. */
  collectedAgain(run: WatchedRun): void;
  serving(server: Serving): void;
  answered(request: Answered): void;
  /** A worker of the server has crashed, or did not start in place of such a one. The next one starts after the wait. */
  workerCrashed(reason: Error, waitMilliseconds: number): void;
  /** In a file that was answered. */
  brokenReference(message: string): void;
  found(report: FindReport): void;
  cached(report: CacheReport | CachePruneReport): void;
  released(report: ReleasesReport): void;
  /** The plan of prune, before it is applied. */
  pruning(plan: PrunePlan, options: DryRun): void;
  pruned(result: PruneResult): void;
  failed(error: unknown): void;
}
