import type { Conflict } from './conflicts.js';
import type { Plan } from './plan.js';
import type { Settings } from './settings/settings.js';
import type { Warning } from './static-file.js';

/** The stages of a run, in order. */
export type Stage = 'find' | 'post-process' | 'plan' | 'publish';

export interface CollectOptions {
  /** Plan, and change nothing. */
  readonly dryRun?: boolean;
  /** Delete what this run does not publish, and write every file again. */
  readonly clear?: boolean;
  /** Links to the sources in place of copies. */
  readonly link?: boolean;
  /** `false` skips the processors. */
  readonly postProcess?: boolean;
  /** Compare contents; trust no record of earlier runs. */
  readonly checksum?: boolean;
  /** Fail where files of one name have different bytes, whatever the settings say. */
  readonly failOnConflict?: boolean;
  /** fnmatch patterns to ignore besides those of the settings. */
  readonly ignore?: readonly string[];
  /** `false` takes `CVS`, `.*` and `*~` in. */
  readonly defaultIgnore?: boolean;
  /** Aborting it stops the run, which then rejects with code `interrupted`. */
  readonly signal?: AbortSignal;
  /** Asked once, before anything else, where the destination is not empty; `false` cancels the run. */
  confirm?(question: OverwriteQuestion): Promise<boolean>;
  /** Called once with the plan, before it is applied. */
  onPlan?(plan: Plan): void;
  /** Called as a stage goes on; `total` is 0 while unknown. */
  onProgress?(stage: Stage, done: number, total: number): void;
}

/** What a person is asked before a destination is overwritten. */
export interface OverwriteQuestion {
  /** Absolute path, where the destination is a local folder. */
  readonly location?: string;
  readonly clear: boolean;
}

export interface CollectCounts {
  readonly copied: number;
  readonly linked: number;
  readonly unmodified: number;
  readonly postProcessed: number;
  readonly deleted: number;
  readonly conflicts: number;
}

/** What a run did, or, for a dry run, would do. */
export interface CollectReport {
  readonly dryRun: boolean;
  /** Absolute path, where the destination is a local folder. */
  readonly location?: string;
  readonly counts: CollectCounts;
  readonly files: Plan;
  readonly conflicts: readonly Conflict[];
  readonly warnings: readonly Warning[];
  /** Duration of each stage. */
  readonly milliseconds: Readonly<Record<Stage, number>>;
}

/** TODO: being written. */
export declare function collectstatic(settings: Settings, options?: CollectOptions): Promise<CollectReport>;
