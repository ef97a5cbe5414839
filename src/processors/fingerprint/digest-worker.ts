import { parentPort, workerData } from 'node:worker_threads';
import { type DigestQueue, digestShare, type PackedShare } from './digest-share.js';
import { packDigests } from './digest-table.js';

const share = digestShare(workerData as DigestQueue, 'back');
let step = share.next();
while (!step.done) step = share.next();
const { digests, ...rest } = step.value;
parentPort?.postMessage({ ...rest, table: packDigests(digests) } satisfies PackedShare);
