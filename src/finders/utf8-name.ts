import fs from 'node:fs';
import path from 'node:path';
import { StaticFilesError } from '../errors.js';
import { readSource } from './source-access.js';

/**
 * Makes sure that a listed name is the name on the disk. Node decodes names as UTF-8 and puts U+FFFD for what is
 * not; but a name may also truly hold that character, so the bytes decide.
 *
 * @param folder Absolute path of the folder in which the name was listed.
 * @throws StaticFilesError `source`, showing the bytes of the name
 */
export function assertUtf8Name(folder: string, name: string): void {
  if (!name.includes('\ufffd')) return;
  const onDisk = readSource(folder, () => fs.readdirSync(folder, { encoding: 'buffer' }));
  const broken = onDisk.find((bytes) => bytes.toString() === name && !bytes.equals(Buffer.from(name)));
  if (broken === undefined) return;
  throw new StaticFilesError(
    'source',
    `The name of '${path.join(folder, escapeBytes(broken))}' is not valid UTF-8, so it can have no URL. ` +
      'Rename it, or leave it out with an ignore pattern.',
  );
}

/** Printable ASCII as it is, every other byte as `\xff`. */
function escapeBytes(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replace(/[^ -~]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
