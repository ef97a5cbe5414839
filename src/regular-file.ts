import fs from 'node:fs';
import { READ_FLAGS } from './source-file.js';

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
