// Loaded before a command: counts its changes to the file system. With KILL_BEFORE=N the process dies by SIGKILL right
// before the N-th one; without, it writes into the file COUNT how many there were.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';

const CHANGES = [
  'appendFile',
  'chmod',
  'copyFile',
  'cp',
  'fchmod',
  'ftruncate',
  'futimes',
  'link',
  'mkdir',
  'mkdtemp',
  'rename',
  'rm',
  'rmdir',
  'symlink',
  'truncate',
  'unlink',
  'utimes',
  'write',
  'writeFile',
  'writev',
];
const { KILL_BEFORE, COUNT } = process.env;
const killBefore = Number(KILL_BEFORE);
const { writeFileSync } = fs;
let changes = 0;

function onChange() {
  changes += 1;
  if (changes === killBefore) process.kill(process.pid, 'SIGKILL');
}

const isWriting = (flags) => (typeof flags === 'number' ? (flags & 3) !== 0 : /[wa+]/.test(flags ?? 'r'));

function counted(owner, name, isChange = () => true) {
  const original = owner[name];
  if (typeof original !== 'function') return;
  owner[name] = function (...given) {
    if (isChange(given)) onChange();
    return original.apply(this, given);
  };
}

// Standard output and error are no change to the file system.
const isToFile = ([descriptor]) => descriptor !== 1 && descriptor !== 2;

if (isMainThread) {
  for (const name of CHANGES) {
    const isChange = name === 'write' || name === 'writev' ? isToFile : undefined;
    counted(fs, name, isChange);
    counted(fs, `${name}Sync`, isChange);
    counted(fs.promises, name, isChange);
  }
  for (const [owner, name] of [
    [fs, 'open'],
    [fs, 'openSync'],
    [fs.promises, 'open'],
  ])
    counted(owner, name, ([, flags]) => isWriting(flags));
  syncBuiltinESMExports(); // for modules that import the functions by name
  if (COUNT) process.on('exit', () => writeFileSync(COUNT, String(changes)));
}
