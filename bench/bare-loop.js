// Makes the system calls that a run cannot do without, and nothing else. The limit beside which this package is measured.
// usage: node bare-loop.js copy|fingerprint SOURCE OUT...
//        node bare-loop.js stat FOLDER...
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const [, , how, ...folders] = process.argv;

if (how === 'stat') for (const folder of folders) walk(folder, (file) => fs.lstatSync(file));
else {
  const [source, out] = folders;
  walk(
    source,
    (file, logicalPath) => {
      const { atime, mtime } = fs.lstatSync(file);
      const target = path.join(out, logicalPath);
      const copies = how === 'copy' ? [target] : [target, fingerprinted(target, fs.readFileSync(file))];
      for (const copy of copies) {
        fs.copyFileSync(file, copy);
        fs.utimesSync(copy, atime, mtime);
        fs.lstatSync(copy);
      }
    },
    (logicalPath) => fs.mkdirSync(path.join(out, logicalPath), { recursive: true }),
  );
}

function walk(top, eachFile, eachFolder = () => {}, inside = '') {
  eachFolder(inside);
  for (const entry of fs.readdirSync(path.join(top, inside), { withFileTypes: true })) {
    const logicalPath = path.join(inside, entry.name);
    if (entry.isDirectory()) walk(top, eachFile, eachFolder, logicalPath);
    else eachFile(path.join(top, logicalPath), logicalPath);
  }
}

function fingerprinted(file, bytes) {
  const { dir, name, ext } = path.parse(file);
  const hash = createHash('sha384').update(bytes).digest('base64url').slice(0, 12);
  return path.join(dir, `${name}.${hash}${ext}`);
}
