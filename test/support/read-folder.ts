import fs from 'node:fs';
import path from 'node:path';

/** The bytes of all files below a folder, by POSIX path; links are followed. A folder that is not there is empty. */
export function readFolder(folder: string): Map<string, Buffer> {
  if (!fs.existsSync(folder)) return new Map();
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const files = names.filter((name) => fs.statSync(path.join(folder, name)).isFile());
  return new Map(files.map((name) => [name, fs.readFileSync(path.join(folder, name))]));
}
