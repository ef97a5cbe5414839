import fs from 'node:fs';
import { describeSystemError, type ErrorCode, StaticFilesError } from '../errors.js';

/**
 * Flags for reading. O_NONBLOCK, because opening a FIFO that took the place of a file would wait forever without it.
 */
export const READ_FLAGS: number = fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0);

/**
 * Returns the bytes of a regular file. Anything else is an error: reading a FIFO may never end, not even for a signal.
 * Throws raw system errors.
 */
export async function readRegularFile(file: string): Promise<Buffer> {
  const handle = await fs.promises.open(file, READ_FLAGS);
  try {
    assertRegular(await handle.stat());
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** Returns the bytes of a regular file, as {@link readRegularFile} does, synchronously. */
export function readRegularFileSync(file: string): Buffer {
  return withOpenFile(file, (descriptor) => {
    assertRegular(fs.fstatSync(descriptor));
    return fs.readFileSync(descriptor);
  });
}

/** Throws an error that {@link describeSystemError} can describe. */
function assertRegular(stats: fs.Stats): void {
  if (stats.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
  if (!stats.isFile()) throw new Error(`it is ${describeKind(stats)}, not a file`);
}

/** Describes an entry that is neither a file nor a folder nor a link: `a FIFO`. */
export function describeKind(entry: fs.Stats | fs.Dirent): string {
  if (entry.isFIFO()) return 'a FIFO';
  if (entry.isSocket()) return 'a socket';
  return 'a device';
}

/**
 * Returns the error for a file or folder that cannot be read.
 *
 * @param what names it in the message: `'static/app.css'`, `the settings file 'a.json'`
 * @param advice what to do about it, as a sentence
 */
export function cannotRead(code: ErrorCode, what: string, cause: unknown, advice = ''): StaticFilesError {
  const message = `Cannot read ${what}: ${describeSystemError(cause)}. ${advice}`.trimEnd();
  return new StaticFilesError(code, message, { cause });
}

/** Opens a path for reading. The caller checks what it is. Throws raw system errors. */
export function openSource(file: string): number {
  return fs.openSync(file, READ_FLAGS);
}

/** Opens a file for reading, and closes it after `use`. Throws raw system errors. */
export function withOpenFile<T>(file: string, use: (descriptor: number) => T): T {
  const descriptor = openSource(file);
  try {
    return use(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/**
 * Reads until the buffer is full or the file ends, since one read may return less.
 *
 * @param start where to start; by default where the last read ended
 * @returns the number of bytes
 */
export function fillFrom(descriptor: number, buffer: Buffer, start?: number): number {
  let length = 0;
  while (length < buffer.length) {
    const position = start === undefined ? null : start + length;
    const read = fs.readSync(descriptor, buffer, length, buffer.length - length, position);
    if (read === 0) break;
    length += read;
  }
  return length;
}

/** Whether two files have the same bytes. Links are followed. Throws raw system errors. */
export function sameFileBytes(pathA: string, pathB: string): boolean {
  if (fs.statSync(pathA).size !== fs.statSync(pathB).size) return false;
  return withOpenFile(pathA, (a) => withOpenFile(pathB, (b) => sameContents(a, b)));
}

/** Whether a file has exactly these bytes. Throws raw system errors. */
export function fileHasBytes(filePath: string, bytes: Uint8Array): boolean {
  return fs.statSync(filePath).size === bytes.length && readRegularFileSync(filePath).equals(bytes);
}

const CHUNK = 256 * 1024;

function sameContents(a: number, b: number): boolean {
  const bufferA = Buffer.allocUnsafe(CHUNK);
  const bufferB = Buffer.allocUnsafe(CHUNK);
  for (;;) {
    const length = fillFrom(a, bufferA);
    if (fillFrom(b, bufferB) !== length) return false;
    if (!bufferA.subarray(0, length).equals(bufferB.subarray(0, length))) return false;
    if (length < CHUNK) return true;
  }
}
