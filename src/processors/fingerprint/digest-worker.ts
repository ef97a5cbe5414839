import { parentPort, workerData } from 'node:worker_threads';
import { loadScanners } from '../../references/scanners.js';
import { DIGEST, digestShare, jobsOf, type PackedShare, type QueueWithJobs } from './digest-queue.js';

const queue = workerData as QueueWithJobs;
const jobs = jobsOf(queue);
const scanners = await loadScanners(jobs.map(({ scanner }) => scanner));
const share = digestShare(queue, (index) => jobs[index]!, scanners);
let step = share.next();
while (!step.done) step = share.next();
const { digests, ...rest } = step.value;
parentPort?.postMessage({ ...rest, digests: DIGEST.pack(digests) } satisfies PackedShare);
