import { oneAtATime } from '../../concurrency/one-at-a-time.js';

/** Process that answers requests. */
export interface Worker<Ready> {
  /** Resolves when it accepts requests. Rejects if it ends before, with the reason. */
  readonly ready: Promise<Ready>;
  /** Resolves when it has ended, with the reason. */
  readonly ended: Promise<Error>;
  /** Lets it finish its requests and end, while others accept new ones. */
  retire(): void;
  /** Lets it finish its answers and end. */
  stop(): void;
  kill(): void;
}

export interface WorkerPoolOptions<Ready> {
  /** Number of workers. */
  readonly count: number;
  start(): Worker<Ready>;
  /**
   * Called when a worker has ended by itself, or cannot be started in place of such a one.
   *
   * @param wait milliseconds until another one is started
   */
  onCrash(reason: Error, wait: number): void;
}

/** Workers that are kept running. */
export interface WorkerPool<Ready> {
  /**
   * Starts the workers.
   *
   * @throws the reason if one of them cannot be started; no worker is left then
   */
  start(): Promise<Ready>;
  /**
   * Starts new workers, and retires the old ones when all the new ones accept requests.
   *
   * @throws the reason if a new one cannot be started; the old ones go on then
   */
  reload(): Promise<void>;
  /** Stops all workers, and those that do not stop in time are killed. */
  stop(): Promise<void>;
  /** Rejects with the reason if all workers crash shortly after they start, again and again. */
  readonly failed: Promise<never>;
}

/** A worker that has run for this long was not started in vain. */
const SETTLED_MS = 10_000;

/** Number of crashes in a row, for each worker, after which no more are started. */
const MAX_CRASHES = 5;

/** Waits before a worker is started in place of one that crashed; it doubles with each crash of all. */
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 30_000;

/** Time in which a worker has to stop; it is longer than the one that a worker gives to its answers. */
const KILL_MS = 10_000;

/** Returns a pool whose workers are not started yet. */
export function createWorkerPool<Ready>({
  count,
  start: startWorker,
  onCrash,
}: WorkerPoolOptions<Ready>): WorkerPool<Ready> {
  const stopping = new AbortController();
  const running = new Set<Worker<Ready>>();
  /** Those that are not retired, and since when they accept requests. */
  let current = new Map<Worker<Ready>, number>();
  let crashes = 0;
  let fail: (reason: Error) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => {}); // a pool that fails while nobody waits for it is being stopped

  function begin(): Worker<Ready> {
    const worker = startWorker();
    running.add(worker);
    void worker.ended.then(() => running.delete(worker));
    return worker;
  }

  async function beginAll(): Promise<readonly Worker<Ready>[]> {
    const workers = Array.from({ length: count }, begin);
    try {
      await Promise.all(workers.map(({ ready }) => ready));
    } catch (error) {
      for (const worker of workers) worker.kill();
      throw error;
    }
    return workers;
  }

  function keep(worker: Worker<Ready>, workers: Map<Worker<Ready>, number>): void {
    const since = performance.now();
    workers.set(worker, since);
    void worker.ended.then((reason) => {
      workers.delete(worker);
      if (performance.now() - since >= SETTLED_MS) crashes = 0;
      return replace(reason, workers);
    });
  }

  /** Starts a worker in place of one that has ended, until one accepts requests or a reload has replaced them all. */
  async function replace(crash: Error, workers: Map<Worker<Ready>, number>): Promise<void> {
    const isNeeded = () => workers === current && !stopping.signal.aborted;
    let reason = crash;
    while (isNeeded()) {
      crashes += 1;
      if (crashes >= MAX_CRASHES * count && !hasSettled(workers)) return fail(reason);
      const wait = waitAfter(crashes / count);
      onCrash(reason, wait);
      await pause(wait, stopping.signal);
      if (!isNeeded()) return;
      try {
        const worker = begin();
        await worker.ready;
        keep(worker, workers);
        if (!isNeeded()) worker.retire();
        return;
      } catch (error) {
        reason = error as Error;
      }
    }
  }

  return {
    async start() {
      const workers = await beginAll();
      for (const worker of workers) keep(worker, current);
      return workers[0]!.ready;
    },
    reload: oneAtATime(async () => {
      const workers = await beginAll();
      const old = current;
      current = new Map();
      crashes = 0;
      for (const worker of workers) keep(worker, current);
      for (const worker of old.keys()) worker.retire();
    }),
    async stop() {
      stopping.abort();
      const ends = Array.from(running, ({ ended }) => ended);
      for (const worker of running) worker.stop();
      const timer = setTimeout(() => {
        for (const worker of running) worker.kill();
      }, KILL_MS);
      await Promise.all(ends);
      clearTimeout(timer);
    },
    failed,
  };
}

/** Resolves after the time, or when the signal is aborted. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}

function hasSettled(workers: ReadonlyMap<unknown, number>): boolean {
  const now = performance.now();
  return [...workers.values()].some((since) => now - since >= SETTLED_MS);
}

/** @param round number of crashes in a row of each worker */
function waitAfter(round: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** Math.max(0, Math.ceil(round) - 1), LONGEST_WAIT_MS);
}
