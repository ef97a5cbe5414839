import type { Output } from './output.js';

/** What publishing does at a path. */
export type Action = 'copy' | 'link' | 'keep' | 'delete';

/** Why. */
export type Reason =
  | 'new'
  | 'changed'
  | 'mode'
  | 'link became file'
  | 'file became link'
  | 'link target changed'
  | 'wrong type'
  | 'clear'
  | 'unchanged'
  | 'not collected'
  | 'in the way'
  | 'empty folder';

/** One step of a plan. */
export interface PlanEntry {
  readonly action: Action;
  readonly publicPath: string;
  readonly reason: Reason;
  /** Whether something stands at the path now. */
  readonly replaces: boolean;
  /** What will be published there; none for `delete`. */
  readonly output?: Output;
}

/** What publishing will do, in its order. A dry run shows it, a real run applies it. */
export type Plan = readonly PlanEntry[];
