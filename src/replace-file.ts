import fs from 'node:fs';
import path from 'node:path';

/**
 * Writes a file under a name of its own first, then renames it: a kill, or another run at the same time, leaves nothing
 * half. Makes the folders it needs. Throws raw system errors.
 */
export function replaceFile(file: string, bytes: Uint8Array): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  fs.writeFileSync(temporary, bytes);
  fs.renameSync(temporary, file);
}
