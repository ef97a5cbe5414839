// Loaded before a command: makes the file system fail, change or dawdle as FAULTS says, below one folder or at one file.
//   {"fault": "fail", "at": FOLDER, "after": N, "code": "ENOSPC"}   writes below FOLDER fail after N of them;
//       where the code is ENOSPC, renames and deletions do not, as they need no space
//   {"fault": "dawdle", "at": FOLDER, "after": N, "milliseconds": M}  they take M longer each; says `dawdling` once
//   {"fault": "vanish" | "grow", "at": FILE}                        FILE does so when it is first opened to be read
//   {"fault": "watch", "code": "ENOSPC"}                            no folder can be watched
//   {"fault": "deny", "at": PLACE}                                  a file or folder cannot be read
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';

const { fault, at, after = 0, code, milliseconds } = JSON.parse(process.env.FAULTS);
const original = { ...fs };
const opened = new Map();
let writes = 0;
let changed = false;

const isBelow = (place) => typeof place === 'string' && path.resolve(place).startsWith(`${at}${path.sep}`);
const isWriting = (flags) => (typeof flags === 'number' ? (flags & 3) !== 0 : /[wa+]/.test(flags ?? 'r'));

/** Counts a change to the destination, and lets it fail or dawdle. */
function onWrite(place, needsSpace = true) {
  if (code === 'ENOSPC' && !needsSpace) return;
  if (fault !== 'fail' && fault !== 'dawdle') return;
  if (!isBelow(place)) return;
  writes += 1;
  if (writes <= after) return;
  if (fault === 'fail') throw systemError(place, code);
  if (writes === after + 1) original.writeSync(2, 'dawdling\n');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

function systemError(place, code) {
  return Object.assign(new Error(`${code}: injected, '${place}'`), { code, syscall: 'write', path: place });
}

/** Changes or denies the file at the moment at which it is opened. */
function onRead(place) {
  if (fault === 'deny' && place === at) throw systemError(place, 'EACCES');
  if (changed || typeof place !== 'string' || path.resolve(place) !== at) return;
  changed = true;
  if (fault === 'vanish') original.unlinkSync(at);
  if (fault === 'grow') original.appendFileSync(at, 'grown while it was read');
}

fs.openSync = (place, flags, ...rest) => {
  if (!isWriting(flags)) onRead(place);
  else onWrite(place);
  const descriptor = original.openSync(place, flags, ...rest);
  opened.set(descriptor, place);
  return descriptor;
};

fs.readFileSync = (place, ...rest) => {
  if (fault === 'deny') onRead(place);
  return original.readFileSync(place, ...rest);
};

fs.writeFileSync = (place, ...rest) => {
  onWrite(place);
  return original.writeFileSync(place, ...rest);
};

fs.readdirSync = (place, ...rest) => {
  if (typeof place === 'string') onRead(path.resolve(place));
  return original.readdirSync(place, ...rest);
};

fs.writeSync = (descriptor, ...rest) => {
  onWrite(opened.get(descriptor));
  return original.writeSync(descriptor, ...rest);
};

fs.renameSync = (from, to) => {
  onWrite(to, false);
  return original.renameSync(from, to);
};

fs.symlinkSync = (target, place) => {
  onWrite(place);
  return original.symlinkSync(target, place);
};

for (const name of ['mkdirSync', 'mkdtempSync', 'unlinkSync', 'rmdirSync']) {
  fs[name] = (place, ...rest) => {
    onWrite(place, name.startsWith('mk'));
    return original[name](place, ...rest);
  };
}

if (fault === 'watch') {
  fs.watch = (place) => {
    throw systemError(place, code);
  };
}

// For modules that import the functions by name.
syncBuiltinESMExports();
