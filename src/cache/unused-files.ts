import { defineTable, group, number } from '../files/table.js';
import { type PublishRecord, RECORDED_FILE, type RecordedFile } from './record.js';

/** Key of the unused files in the record, beside the names of processors. */
const MEMORY = 'unused files';

/** A file that a run published and later runs did not. It stays for pages that are still open, until it is pruned. */
export interface UnusedFile {
  readonly publicPath: string;
  /** The file as it was published, if the record knows it. */
  readonly recorded?: RecordedFile;
  /** When a run first did not publish it, in milliseconds since 1970. */
  readonly since: number;
}

type RecordedUnusedFile = Required<UnusedFile>;

const UNUSED = defineTable('unused files 1', group({ recorded: RECORDED_FILE, since: number }));

/** Returns the unused files that the record knows. */
export function unusedFiles(record: PublishRecord): readonly RecordedUnusedFile[] {
  const unused = UNUSED.open(record.recall(MEMORY));
  return unused.keys.map((publicPath, index) => ({ publicPath, ...unused.at(index) }));
}

/**
 * Records the files that an earlier run published and this one does not.
 *
 * @param publicPaths what this run publishes
 * @param now milliseconds since 1970
 */
export function rememberUnused(
  record: PublishRecord,
  publicPaths: () => Iterable<string>,
  now: number,
): void {
  const before = unusedFiles(record);
  const left = Array.from(record.left(), ([publicPath, recorded]) => ({ publicPath, recorded, since: now }));
  if (before.length === 0 && left.length === 0) return;
  const published = new Set(publicPaths());
  const known = new Set(before.map(({ publicPath }) => publicPath));
  const still = before.filter(({ publicPath }) => !published.has(publicPath));
  const more = left.filter(({ publicPath }) => !published.has(publicPath) && !known.has(publicPath));
  if (more.length > 0 || still.length < before.length) save(record, [...still, ...more]);
}

/** Removes files from the record that are no longer at the destination. */
export function forgetUnused(record: PublishRecord, isGone: (publicPath: string) => boolean): void {
  const before = unusedFiles(record);
  const still = before.filter(({ publicPath }) => !isGone(publicPath));
  if (still.length < before.length) save(record, still);
}

function save(record: PublishRecord, files: readonly RecordedUnusedFile[]): void {
  const entries = files.map(({ publicPath, ...file }) => [publicPath, file] as const);
  record.remember(MEMORY, UNUSED.pack(entries));
}
