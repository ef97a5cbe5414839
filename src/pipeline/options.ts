import type { Warning } from '../model/static-file.js';
import type { ReferenceReport } from '../references/report.js';
import type { Destination } from '../storages/destination.js';
import type { Plan } from './plan.js';

/** How many files a run deletes at most, unless another number is given. */
export const MAX_DELETE = 256;

/** How one run differs from the settings. */
export interface RunOptions {
  /** Plan, and change nothing. */
  readonly dryRun?: boolean;
  /**
   * Delete what this run does not publish, and write every file again. `true` deletes what earlier runs have published,
   * and fails in a folder where none has; `all` deletes the rest too, but never what is below another destination.
   */
  readonly clear?: boolean | 'all';
  /** How many files `clear` may delete; more is an error. 256 unless given, without limit in a local folder. */
  readonly maxDelete?: number | undefined;
  /** Links to the sources in place of copies. */
  readonly link?: boolean;
  /** `false` skips the processors. */
  readonly postProcess?: boolean;
  /** Compare contents; trust no record of earlier runs. */
  readonly checksum?: boolean;
  /** `false`: neither trust nor keep an account of what is there, where the storage would. */
  readonly index?: boolean;
  /** Fail where files of one name have different bytes, whatever the settings say. */
  readonly failOnConflict?: boolean;
  /** fnmatch patterns to ignore besides those of the settings. */
  readonly ignore?: readonly string[];
  /** `false` takes `CVS`, `.*` and `*~` in. */
  readonly defaultIgnore?: boolean;
  /**
   * Read every file before the plan is made, so that each output of the plan has its `content`; what changes afterwards
   * is not published.
   */
  readonly readAll?: boolean;
  /** Take the destination before anything is looked at there, also where a look would do. */
  readonly holdFirst?: boolean;
  /** Aborting it stops the run, which then rejects with code `interrupted`. */
  readonly signal?: AbortSignal;
  /** Asked once, before anything else, where the destination is not empty; `false` cancels the run. */
  confirm?(question: OverwriteQuestion): Promise<boolean>;
  /**
   * Called by each processor that looks for references, with what it found, before a broken one fails the run. The
   * report holds on to much of the run: keep what you make of it, not the report itself.
   */
  onReferences?(references: ReferenceReport): void;
  /**
   * Called with the plan, before it is applied. Where another run has published to the same place in the meantime, the
   * plan is made again and this is called again: the last plan is the one that is applied.
   */
  onPlan?(plan: Plan): void;
  /** Called with a warning as soon as it is known, such as that another run is waited for. The report has all of them. */
  onWarning?(warning: Warning): void;
  /** Called as a stage goes on; `total` is 0 while unknown. With the bytes that were sent, where the storage counts them. */
  onProgress?(stage: Stage, done: number, total: number, bytes?: number): void;
}

/** What a person is asked before a destination is overwritten. */
export interface OverwriteQuestion extends Destination {
  readonly clear: boolean | 'all';
  /** With `clear`: how many files there are, in a local folder. */
  readonly files?: number;
}

/** The stages of a run, in order. */
export type Stage = 'find' | 'post-process' | 'plan' | 'publish';
