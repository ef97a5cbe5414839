import fs from 'node:fs';

const CHUNK = 256 * 1024;

/** Whether two files hold the same bytes; sizes first. Links are followed. Throws raw system errors. */
export function sameFileBytes(pathA: string, pathB: string): boolean {
  if (fs.statSync(pathA).size !== fs.statSync(pathB).size) return false;
  return withOpenFile(pathA, (a) => withOpenFile(pathB, (b) => sameContents(a, b)));
}

/** Whether a file holds exactly these bytes. Throws raw system errors. */
export function fileHasBytes(filePath: string, bytes: Uint8Array): boolean {
  return fs.statSync(filePath).size === bytes.length && readRegularFileSync(filePath).equals(bytes);
}

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

function withOpenFile<T>(filePath: string, use: (descriptor: number) => T): T {
  const descriptor = openSource(filePath);
  try {
    return use(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

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

/**
 * Reads a file. Anything else under that name is an error: reading a FIFO may never end, and no signal would end it
 * either. Throws raw system errors.
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

/** Reads a file at once, as {@link readRegularFile} does. */
export function readRegularFileSync(file: string): Buffer {
  const descriptor = fs.openSync(file, READ_FLAGS);
  try {
    assertRegular(fs.fstatSync(descriptor));
    return fs.readFileSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Throws an error that {@link describeSystemError} has words for. */
function assertRegular(stats: fs.Stats): void {
  if (stats.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
  if (!stats.isFile()) throw new Error(`it is ${kindOf(stats)}, not a file`);
}

/** What is neither a file nor a folder nor a link: `a FIFO`. */
export function kindOf(entry: fs.Stats | fs.Dirent): string {
  if (entry.isFIFO()) return 'a FIFO';
  if (entry.isSocket()) return 'a socket';
  return 'a device';
}
