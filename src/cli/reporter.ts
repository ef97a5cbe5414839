import type { CachePruneReport, CacheReport } from '../cache/prune-cache.js';
import type { CollectResult } from '../collectstatic.js';
import type { ExplainResult } from '../explain.js';
import type { SearchRoot, Warning } from '../model/static-file.js';
import type { Stage } from '../pipeline/options.js';
import type { Plan } from '../pipeline/plan.js';
import type { PruneResult } from '../prune/prune.js';
import type { PrunePlan } from '../prune/rules.js';
import type { ReferenceCounts } from '../references/report.js';
import type { ActivateResult } from '../releases/activate.js';
import type { ReleaseDiff } from '../releases/diff.js';
import type { ReleaseDetails, ReleaseList } from '../releases/list.js';
import type { RemoveResult } from '../releases/remove.js';
import type { WatchedRun } from '../watchstatic.js';

/** What findstatic found, and where it looked. */
export interface FindReport {
  readonly results: readonly ExplainResult[];
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
  | ({ readonly verb: 'activate' } & ActivateResult)
  | ({ readonly verb: 'remove' } & RemoveResult);

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
  collected(report: CollectResult): void;
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
  pruned(report: PruneResult): void;
  failed(error: unknown): void;
}

/** How much is said: 0 nothing but errors, 1 the outcome, 2 each file, 3 each file with its reason. */
export type Verbosity = 0 | 1 | 2 | 3;

/** The flags that every command has. */
export interface CommonFlags {
  readonly verbosity: Verbosity;
  readonly json: boolean;
  /** The settings file, where it is not to be searched for. */
  readonly settings?: string | undefined;
  readonly staticRoot?: string | undefined;
  readonly staticUrl?: string | undefined;
  readonly cacheDir?: string | undefined;
}

export interface CollectFlags extends CommonFlags {
  /** The id of the release that is published, or `auto`; the settings' unless given. */
  readonly release?: string | undefined;
  /** Whether a person may be asked. */
  readonly interactive: boolean;
  readonly postProcess: boolean;
  readonly ignore: readonly string[];
  readonly defaultIgnore: boolean;
  readonly dryRun: boolean;
  readonly clear: boolean | 'all';
  /** How many files may be deleted; the library's default unless given. */
  readonly maxDelete: number | undefined;
  readonly link: boolean;
  readonly failOnConflict: boolean;
  readonly checksum: boolean;
  /** Whether a remote storage keeps an index of what it holds. */
  readonly index: boolean;
  /** The file to which all references are written. */
  readonly references: string | undefined;
  /** The file to which the plan is written, in place of publishing. */
  readonly planOut: string | undefined;
  /** How far to prune afterwards; not at all unless given. */
  readonly prune: PruneFlags | undefined;
  /** Whether to go on and collect again on each change. */
  readonly watch: boolean;
  /** Whether to look at all files again and again for that. */
  readonly poll: boolean;
}

export interface FindFlags extends CommonFlags {
  readonly first: boolean;
  /** Whether to say why files are published under their names. */
  readonly why: boolean;
}

export interface CacheFlags extends CommonFlags {
  readonly prune: boolean;
  readonly maxAgeDays: number;
  readonly maxSizeMb: number;
}

export interface ServeFlags extends CommonFlags {
  readonly dev: boolean;
  readonly showIndexes: boolean;
  readonly insecure: boolean;
  /** Hosts under which the sources are served besides this machine's own. */
  readonly allowedHosts: readonly string[];
  readonly port: number;
  readonly host: string;
}

/** How far pruning may go; the defaults are the library's. */
export interface PruneFlags {
  readonly keep: number | undefined;
  /** Milliseconds. */
  readonly olderThan: number | undefined;
  readonly maxDelete: number | undefined;
}

export interface PruneCommandFlags extends CommonFlags, PruneFlags {
  /** Whether a person may be asked. */
  readonly interactive: boolean;
  readonly dryRun: boolean;
}

export interface ApplyFlags extends CommonFlags {
  readonly dryRun: boolean;
}

/** What `staticfiles releases` is to do. */
export type ReleasesAction =
  | { readonly verb: 'list' }
  | { readonly verb: 'show' | 'activate' | 'remove'; readonly id: string }
  | { readonly verb: 'diff'; readonly from: string; readonly to: string };

/** A command line, understood. */
export type Invocation =
  | { readonly command: 'collectstatic'; readonly flags: CollectFlags }
  | { readonly command: 'findstatic'; readonly names: readonly string[]; readonly flags: FindFlags }
  | { readonly command: 'releases'; readonly action: ReleasesAction; readonly flags: CommonFlags }
  | { readonly command: 'apply'; readonly plan: string; readonly flags: ApplyFlags }
  | { readonly command: 'prune'; readonly flags: PruneCommandFlags }
  | { readonly command: 'cache'; readonly flags: CacheFlags }
  | { readonly command: 'serve'; readonly flags: ServeFlags };

export type CommandName = Invocation['command'];
