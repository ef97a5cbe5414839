// Loaded before a command: appends a line to the file FLUSHES for each rename and each flush, in their order.
import childProcess from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { FLUSHES } = process.env;
const { renameSync, appendFileSync } = fs;
const { open } = fs.promises;
const { spawn } = childProcess;
const log = (...words) => appendFileSync(FLUSHES, `${words.join(' ')}\n`);

fs.renameSync = (from, to) => {
  renameSync(from, to);
  log('rename', from, to);
};

fs.promises.open = async (place, ...rest) => {
  const handle = await open(place, ...rest);
  const sync = handle.sync.bind(handle);
  handle.sync = async () => {
    await sync();
    log('flush', place);
  };
  return handle;
};

childProcess.spawn = (file, argv, ...rest) => {
  const child = spawn(file, argv, ...rest);
  if (file === 'sync') child.on('close', () => log('flush-all', argv.at(-1)));
  return child;
};

syncBuiltinESMExports();
