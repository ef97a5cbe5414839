import type { Warning } from '../model/static-file.js';
import type { ReferenceReport } from '../references/report.js';
import type { Destination } from '../storages/destination.js';
import type { Plan } from './plan.js';

/** Default limit of the number of files that a run deletes. */
export const MAX_DELETE = 256;

/** Options of one run. */
export interface RunOptions {
  /** Plan, but change nothing. */
  readonly dryRun?: boolean;
  /**
   * Delete what this run does not publish, and write every file again. `true` deletes files of earlier runs, and fails in
   * a folder to which no run has published. `all` deletes other files too, but never those of a destination further down.
   */
  readonly clear?: boolean | 'all';
  /** How many files `clear` may delete. More is an error. Default: 256, but no limit for a local folder. */
  readonly maxDelete?: number | undefined;
  /** Publish links to the sources instead of copies. */
  readonly link?: boolean;
  /** `false` skips the processors. */
  readonly postProcess?: boolean;
  /** Compare contents instead of trusting the record of earlier runs. */
  readonly checksum?: boolean;
  /** `false` neither uses nor writes the index of a storage that has one. */
  readonly index?: boolean;
  /** Fail if files with one logical path have different bytes, whatever the settings say. */
  readonly failOnConflict?: boolean;
  /** Patterns to ignore, in addition to those of the settings (docs/patterns.md). */
  readonly ignore?: readonly string[];
  /** `false` collects files that match the default ignore patterns too (`CVS`, `.*` and `*~`). */
  readonly defaultIgnore?: boolean;
  /**
   * Read every file before planning, so that each output of the plan has its `content`. A file that changes afterwards
   * fails the run.
   */
  readonly readAll?: boolean;
  /** Lock the destination before looking at it. By default, a run that may have nothing to do locks at its first write. */
  readonly holdFirst?: boolean;
  /** Aborting it stops the run, which then rejects with the code `interrupted`. */
  readonly signal?: AbortSignal;
  /** Called once before anything else if the destination is not empty. `false` cancels the run. */
  confirm?(question: OverwriteQuestion): Promise<boolean>;
  /**
   * Called for each processor that finds references, before a missing one fails the run. The report keeps much of the run
   * in memory, so keep what you compute from it, not the report itself.
   */
  onReferences?(references: ReferenceReport): void;
  /**
   * Look for strings that name files and are not references, and report them to `onReferences` with the status `possible`.
   * `fingerprint` looks for them in any case if plain names are not published (`originals: false`).
   */
  readonly possibleReferences?: boolean;
  /**
   * Called with the plan before it is applied. If another run publishes to the destination in between, the run plans again
   * and calls this again. The last plan is the one that is applied.
   */
  onPlan?(plan: Plan): void;
  /** Called at once with a warning such as that the run waits for another one. The result has all warnings. */
  onWarning?(warning: Warning): void;
  /**
   * Called as a stage goes on.
   *
   * @param total 0 while it is unknown
   * @param bytes how many were sent, if the storage counts them
   */
  onProgress?(stage: Stage, done: number, total: number, bytes?: number): void;
}

/** What `confirm` is asked before a destination is overwritten. */
export interface OverwriteQuestion extends Destination {
  readonly clear: boolean | 'all';
  /** Number of files in a local folder; with `clear` only. */
  readonly files?: number;
}

/** The stages of a run, in order. */
export type Stage = 'find' | 'post-process' | 'plan' | 'publish';
