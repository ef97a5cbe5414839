import { parentPort, workerData } from 'node:worker_threads';
import { type CopyQueue, copyShare } from './copy-queue.js';

const share = copyShare(workerData as CopyQueue, 'back');
let step = share.next();
while (!step.done) step = share.next();
parentPort?.postMessage(step.value);
