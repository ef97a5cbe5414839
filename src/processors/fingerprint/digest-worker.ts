import { parentPort, workerData } from 'node:worker_threads';
import { loadScanners } from '../../references/scanners.js';
import { DIGEST, digestShare, openJobs, type PackedShare, type WorkerData } from './digest-queue.js';

const data = workerData as WorkerData;
const { queue } = data;
const jobAt = openJobs(data);
const names = Array.from({ length: queue.size }, (_, index) => jobAt(index).scanner);
const share = digestShare(queue, jobAt, await loadScanners(names));
let step = share.next();
while (!step.done) step = share.next();
const { digests, ...rest } = step.value;
parentPort?.postMessage({ ...rest, digests: DIGEST.pack(digests) } satisfies PackedShare);
