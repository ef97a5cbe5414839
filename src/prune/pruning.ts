/** Which releases stay, besides the active one. Unless either is given: three, and those of the last seven days. */
export interface PruneRules {
  /** How many of those that were published last. */
  readonly keep?: number | undefined;
  /** Those that are younger than this, in milliseconds. */
  readonly olderThan?: number | undefined;
}

/** What becomes of a release, and why. */
export interface ReleaseFate {
  readonly id: string;
  readonly published: Date | undefined;
  /** `removed`: it was before, and its files go now. */
  readonly fate: 'kept' | 'pruned' | 'removed';
  readonly reason: 'active' | 'time unknown' | 'among the newest' | 'young' | 'old' | 'has no manifest';
}

/** How far pruning may go. */
export interface PruneLimits extends PruneRules {
  /** How many files may be deleted; 256 unless given. More is an error, and nothing is deleted. */
  readonly maxDelete?: number | undefined;
}

/** A file that is deleted. */
export interface PrunedFile {
  readonly publicPath: string;
  /** Bytes. */
  readonly size: number;
  /** `release 'v40' is pruned` */
  readonly reason: string;
}

/** A file that nothing needs, and that stays nevertheless. */
export interface SparedFile {
  readonly publicPath: string;
  /** Its bytes are not those that were published; or there is no telling. */
  readonly reason: 'other bytes' | 'not comparable';
}

/** What pruning will do. */
export interface PrunePlan {
  readonly releases: readonly ReleaseFate[];
  readonly files: readonly PrunedFile[];
  readonly spared: readonly SparedFile[];
  /** If nothing must be deleted before that, since a run was given up that may still wake up: the plan is empty then. */
  readonly quietUntil?: Date;
}
