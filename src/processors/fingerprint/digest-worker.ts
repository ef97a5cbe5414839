import { parentPort, workerData } from 'node:worker_threads';
import { loadScanners } from '../../references/scanners.js';
import { DIGEST, type DigestQueue, digestShare, type PackedShare, scannerNames } from './digest-queue.js';

const queue = workerData as DigestQueue;
const share = digestShare(queue, await loadScanners(scannerNames(queue)));
let step = share.next();
while (!step.done) step = share.next();
const { digests, ...rest } = step.value;
parentPort?.postMessage({ ...rest, digests: DIGEST.pack(digests) } satisfies PackedShare);
