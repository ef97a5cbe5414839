import { Worker } from 'node:worker_threads';

/**
 * The code of the thread that beats. The main thread may be busy: with the copy of a large file, a processor that compiles,
 * `execSync` in a hook. It is a text so that it starts without the module loader.
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
 * Updates the time of a file again and again.
 *
 * @param every milliseconds
 * @param onGone called if the file no longer exists
 * @returns a function that stops it
 */
export function startHeartbeat(file: string, every: number, onGone: () => void): () => void {
  const worker = new Worker(BEATING, { eval: true, workerData: { file, every }, execArgv: [], env: {} });
  worker.unref();
  worker.on('message', onGone);
  worker.on('error', () => {}); // without memory for a thread, the run goes on without a heartbeat
  return () => {
    worker.off('message', onGone);
    void worker.terminate();
  };
}
