/** A text to insert into a file. */
export interface Insertion {
  /** Offset in bytes. The text goes before this byte, or to the end if it is the file's length. */
  readonly offset: number;
  /** ASCII. */
  readonly text: string;
  /** Number of bytes that it replaces (default: 0). */
  readonly replaced?: number;
}

/**
 * Returns the bytes with all texts inserted. No other byte changes.
 *
 * @param insertions sorted by offset
 * @throws RangeError for offsets that are out of order or outside of the file, which is a scanner's bug
 */
export function splice(source: Buffer, insertions: readonly Insertion[]): Buffer {
  const added = insertions.reduce((sum, { text }) => sum + text.length, 0);
  const removed = insertions.reduce((sum, { replaced = 0 }) => sum + replaced, 0);
  const result = Buffer.allocUnsafe(source.length + added - removed);
  let read = 0;
  let written = 0;
  for (const { offset, text, replaced = 0 } of insertions) {
    if (!(offset >= read && offset + replaced <= source.length))
      throw new RangeError(`Cannot insert at byte ${offset}.`);
    written += source.copy(result, written, read, offset);
    written += result.write(text, written, 'latin1');
    read = offset + replaced;
  }
  source.copy(result, written, read);
  return result;
}

/** Yields the bytes with all texts inserted, piece by piece, without holding all of a large file. */
export async function* splicePieces(
  source: AsyncIterable<Buffer>,
  insertions: readonly Insertion[],
): AsyncGenerator<Buffer> {
  let start = 0;
  let read = 0;
  let next = 0;
  for await (const piece of source) {
    const end = start + piece.length;
    for (; next < insertions.length && insertions[next]!.offset <= end; next++) {
      const { offset, text, replaced = 0 } = insertions[next]!;
      if (offset > read) yield piece.subarray(read - start, offset - start);
      yield Buffer.from(text, 'latin1');
      read = offset + replaced;
    }
    if (read < end) {
      yield piece.subarray(read - start);
      read = end;
    }
    start = end;
  }
}
