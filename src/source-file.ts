import fs from 'node:fs';

/** Flags for reading. Without O_NONBLOCK, opening a FIFO that took a file's place would hang for ever. */
export const READ_FLAGS: number = fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0);

/** Opens a source for reading; whether it is still a file is for the caller to see. Throws raw system errors. */
export function openSource(file: string): number {
  return fs.openSync(file, READ_FLAGS);
}

/** Reads until the buffer is full or the file ends: a single read may give less. Returns the bytes read. */
export function fillFrom(descriptor: number, buffer: Buffer): number {
  let length = 0;
  while (length < buffer.length) {
    const read = fs.readSync(descriptor, buffer, length, buffer.length - length, null);
    if (read === 0) break;
    length += read;
  }
  return length;
}
