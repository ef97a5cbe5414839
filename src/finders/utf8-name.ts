import fs from 'node:fs';
import path from 'node:path';
import { StaticFilesError } from '../errors.js';
import { readSource } from './source-access.js';

/**
 * Refuses a name that is not UTF-8. Node.js puts U+FFFD for bytes that it cannot decode. A name may also have that
 * character itself, so the bytes on the disk decide.
 *
 * @param folder absolute path of the name's folder
 * @throws StaticFilesError `source`, with the bytes of the name
 */
export function assertUtf8Name(folder: string, name: string): void {
  if (!name.includes('\ufffd')) return;
  const onDisk = readSource(folder, () => fs.readdirSync(folder, { encoding: 'buffer' }));
  const broken = onDisk.find((bytes) => bytes.toString() === name && !bytes.equals(Buffer.from(name)));
  if (broken === undefined) return;
  throw new StaticFilesError(
    'source',
    `The name of '${path.join(folder, escapeBytes(broken))}' is not valid UTF-8, so the file cannot have a URL. ` +
      'Rename it, or leave it out with an ignore pattern.',
  );
}

/** Escapes every byte that is not printable ASCII: `\xff`. */
function escapeBytes(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replace(/[^ -~]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
