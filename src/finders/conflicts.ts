import { StaticFilesError } from '../errors.js';
import { sameFileBytes } from '../files/bytes.js';
import type { StaticFile } from '../model/static-file.js';
import { quoted } from '../text/printable.js';

/** A file that is not collected because another one with the same logical path comes first. */
export interface Conflict {
  readonly logicalPath: string;
  readonly winner: StaticFile;
  readonly shadowed: StaticFile;
  /** Whether both files have the same bytes. Reads them when it is called. Throws raw system errors. */
  sameBytes(): boolean;
}

/** Picks the first file of each logical path as the winner. The others are conflicts. */
export function pickWinners(files: Iterable<StaticFile>): {
  readonly winners: ReadonlyMap<string, StaticFile>;
  readonly conflicts: readonly Conflict[];
} {
  const winners = new Map<string, StaticFile>();
  const conflicts: Conflict[] = [];
  for (const file of files) {
    const winner = winners.get(file.logicalPath);
    if (winner === undefined) winners.set(file.logicalPath, file);
    else if (winner.sourcePath !== file.sourcePath) conflicts.push(conflictOf(winner, file));
  }
  return { winners, conflicts };
}

function conflictOf(winner: StaticFile, shadowed: StaticFile): Conflict {
  return {
    logicalPath: winner.logicalPath,
    winner,
    shadowed,
    sameBytes: () => sameFileBytes(winner.sourcePath, shadowed.sourcePath),
  };
}

/**
 * Fails if a shadowed file differs from the winner.
 *
 * @throws StaticFilesError `conflict` with all of these files
 */
export function refuseConflicts(conflicts: readonly Conflict[]): void {
  const differing = conflicts
    .filter((conflict) => !conflict.sameBytes())
    .map(({ logicalPath, winner, shadowed }) => ({
      logicalPath,
      winner: winner.sourcePath,
      shadowed: shadowed.sourcePath,
    }));
  if (differing.length === 0) return;
  const lines = differing.map(
    ({ logicalPath, winner, shadowed }) =>
      `  ${quoted(logicalPath)}: ${quoted(winner)} shadows ${quoted(shadowed)}`,
  );
  throw new StaticFilesError(
    'conflict',
    `Files with the same logical path have different bytes:\n${lines.join('\n')}\n` +
      "Rename or ignore one of each. To allow conflicts, set conflicts to 'allow', and leave out --fail-on-conflict.",
    { details: { conflicts: differing } },
  );
}
