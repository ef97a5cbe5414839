import {
  addEntry,
  createColumns,
  entryAt,
  type RecordedFile,
  restoreColumns,
  type StoredColumns,
  storeColumns,
} from '../files/table.js';
import type { PublishRecord } from './record.js';

/** Under which name the record remembers them, beside what processors remember. */
const MEMORY = 'left behind';

/** A file that a run published, and later ones did not: it stays for pages that are still open, until it is pruned. */
export interface LeftBehind {
  readonly publicPath: string;
  /** As it was when it was published; where the storage tells of it, that vouches for it. */
  readonly recorded?: RecordedFile;
  /** When it was first not published again, in milliseconds since 1970. */
  readonly since: number;
}

type RecordedLeftBehind = Required<LeftBehind>;

interface Saved {
  readonly columns: StoredColumns;
  readonly since: Float64Array;
}

/** What the record knows to be left behind. */
export function unusedFiles(record: PublishRecord): readonly RecordedLeftBehind[] {
  const saved = record.recall(MEMORY) as Saved | undefined;
  if (saved === undefined) return [];
  const columns = restoreColumns(saved.columns);
  return columns.publicPaths.map((publicPath, index) => ({
    publicPath,
    recorded: entryAt(columns, index),
    since: saved.since[index]!,
  }));
}

/**
 * Has the record remember what an earlier run published and this one does not.
 *
 * @param publicPaths what this run publishes
 */
export function rememberLeftBehind(
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
  if (more.length > 0 || still.length < before.length) remember(record, [...still, ...more]);
}

/** Has the record forget what stands there no more. */
export function forgetLeftBehind(record: PublishRecord, isGone: (publicPath: string) => boolean): void {
  const before = unusedFiles(record);
  const still = before.filter(({ publicPath }) => !isGone(publicPath));
  if (still.length < before.length) remember(record, still);
}

function remember(record: PublishRecord, files: readonly RecordedLeftBehind[]): void {
  const columns = createColumns();
  const indexes = files.map(({ publicPath, recorded }) => addEntry(columns, publicPath, recorded));
  const saved: Saved = {
    columns: storeColumns([{ columns, indexes }]),
    since: Float64Array.from(files, ({ since }) => since),
  };
  record.remember(MEMORY, saved);
}
