import { Worker } from 'node:worker_threads';

/**
 * A thread of its own beats, so that nothing which keeps the main thread busy can stop it: the copy of a large file, a
 * processor that compiles, `execSync` in a hook. As text, it starts without the module loader.
 */
const BEATING = `
const { parentPort, workerData: { file, every } } = require('node:worker_threads');
const fs = require('node:fs');
setInterval(() => {
  const now = new Date();
  try {
    fs.utimesSync(file, now, now);
  } catch (error) {
    if (error.code === 'ENOENT') parentPort.postMessage('gone');
  }
}, every);
`;

/**
 * Gives a file a new time again and again.
 *
 * @param every milliseconds
 * @param onGone called if the file is not there any more
 * @returns what ends it
 */
export function startHeartbeat(file: string, every: number, onGone: () => void): () => void {
  const worker = new Worker(BEATING, { eval: true, workerData: { file, every }, execArgv: [], env: {} });
  worker.unref();
  worker.on('message', onGone);
  worker.on('error', () => {}); // if there is no memory for a thread, the run goes on without
  return () => {
    worker.off('message', onGone);
    void worker.terminate();
  };
}
