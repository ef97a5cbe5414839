/** A text to be put into a file. */
export interface Insertion {
  /** The byte before which it goes; the file's length puts it at the end. */
  readonly offset: number;
  /** ASCII. */
  readonly text: string;
}

/**
 * The bytes with all texts inserted; every byte of the source stays, in its order.
 *
 * @param insertions sorted by offset
 * @throws RangeError for offsets that are out of order or out of the file, which is a scanner's defect.
 */
export function splice(source: Buffer, insertions: readonly Insertion[]): Buffer {
  const added = insertions.reduce((sum, { text }) => sum + text.length, 0);
  const result = Buffer.allocUnsafe(source.length + added);
  let read = 0;
  let written = 0;
  for (const { offset, text } of insertions) {
    if (!(offset >= read && offset <= source.length))
      throw new RangeError(`Cannot insert at byte ${offset}.`);
    written += source.copy(result, written, read, offset);
    written += result.write(text, written, 'latin1');
    read = offset;
  }
  source.copy(result, written, read);
  return result;
}
