import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createWorkerPool, type Worker } from '../../../src/cli/serving/worker-pool.js';

/** A worker without a process; the test says when it is ready and when it ends. */
class FakeWorker implements Worker<string> {
  readonly orders: string[] = [];
  accept!: () => void;
  end!: (reason: Error) => void;
  readonly ended = new Promise<Error>((resolve) => {
    this.end = resolve;
  });
  readonly ready = new Promise<string>((resolve, reject) => {
    this.accept = () => resolve('ready');
    void this.ended.then(reject);
  });

  retire(): void {
    this.orders.push('retire');
  }
  stop(): void {
    this.orders.push('stop');
    this.end(new Error('stopped'));
  }
  kill(): void {
    this.orders.push('kill');
    this.end(new Error('killed'));
  }
}

function newPool(count: number) {
  const workers: FakeWorker[] = [];
  const waits: number[] = [];
  const pool = createWorkerPool({
    count,
    start() {
      const worker = new FakeWorker();
      workers.push(worker);
      return worker;
    },
    onCrash: (_, wait) => waits.push(wait),
  });
  return { pool, workers, waits };
}

/** Lets promises settle, and timers that are due by then. */
const pass = (milliseconds = 0) => vi.advanceTimersByTimeAsync(milliseconds);

/** Returns a pool whose workers accept requests. */
async function startedPool(count: number) {
  const made = newPool(count);
  const started = made.pool.start();
  for (const worker of made.workers) worker.accept();
  await started;
  return made;
}

describe('a pool of workers', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('is started when all workers accept requests', async () => {
    const { pool, workers } = newPool(3);
    const started = vi.fn();
    void pool.start().then(started);
    expect(workers).toHaveLength(3);
    workers[0]!.accept();
    workers[1]!.accept();
    await pass();
    expect(started).not.toHaveBeenCalled();
    workers[2]!.accept();
    await pass();
    expect(started).toHaveBeenCalledWith('ready');
  });

  test('fails at the start if one worker does, and leaves none', async () => {
    const { pool, workers } = newPool(2);
    const started = pool.start();
    workers[0]!.accept();
    workers[1]!.end(new Error('no manifest'));
    await expect(started).rejects.toThrow('no manifest');
    expect(workers.map(({ orders }) => orders)).toEqual([['kill'], ['kill']]);
    await pass(60_000);
    expect(workers).toHaveLength(2);
  });

  test('replaces a worker that crashes, after a wait that grows, until one has run for a while', async () => {
    const { workers, waits } = await startedPool(1);
    for (const [crash, wait] of [100, 200, 400].entries()) {
      workers.at(-1)!.end(new Error('crash'));
      await pass(wait - 1);
      expect(workers).toHaveLength(crash + 1);
      await pass(1);
      expect(workers).toHaveLength(crash + 2);
      workers.at(-1)!.accept();
      await pass();
    }
    await pass(10_000);
    workers.at(-1)!.end(new Error('crash'));
    await pass(100);
    expect(waits).toEqual([100, 200, 400, 100]);
    expect(workers).toHaveLength(5);
  });

  test.each([
    ['as soon as it accepts requests', true],
    ['before it accepts requests', false],
  ])('fails if each worker crashes %s', async (_, accepts) => {
    const { pool, workers } = await startedPool(1);
    const failed = vi.fn();
    pool.failed.catch(failed);
    for (let crash = 1; crash <= 5; crash++) {
      expect(failed).not.toHaveBeenCalled();
      if (accepts) workers.at(-1)!.accept();
      await pass();
      workers.at(-1)!.end(new Error(`crash ${crash}`));
      await pass(5000);
    }
    expect(failed).toHaveBeenCalledWith(new Error('crash 5'));
    expect(workers).toHaveLength(5);
  });

  test('goes on without end while another worker serves, but starts none oftener than twice a minute', async () => {
    const { pool, workers, waits } = await startedPool(2);
    const failed = vi.fn();
    pool.failed.catch(failed);
    await pass(10_000);
    workers[0]!.end(new Error('crash'));
    for (let crash = 0; crash < 30; crash++) {
      await pass(30_000);
      workers.at(-1)!.end(new Error('crash'));
      await pass();
    }
    expect(waits.at(-1)).toBe(30_000);
    expect(failed).not.toHaveBeenCalled();
  });

  test('retires the workers at a reload when new ones accept requests', async () => {
    const { pool, workers } = await startedPool(2);
    const reloaded = pool.reload();
    await pass();
    workers[2]!.accept();
    await pass();
    expect(workers.map(({ orders }) => orders)).toEqual([[], [], [], []]);
    workers[3]!.accept();
    await reloaded;
    expect(workers.map(({ orders }) => orders)).toEqual([['retire'], ['retire'], [], []]);
    workers[0]!.end(new Error('retired'));
    await pass(60_000);
    expect(workers).toHaveLength(4);
  });

  test('keeps its workers if a reload fails', async () => {
    const { pool, workers } = await startedPool(2);
    const reloaded = pool.reload();
    await pass();
    workers[2]!.accept();
    workers[3]!.end(new Error('damaged'));
    await expect(reloaded).rejects.toThrow('damaged');
    expect(workers.map(({ orders }) => orders)).toEqual([[], [], ['kill'], ['kill']]);
  });

  test('does not replace a crashed worker after a reload has', async () => {
    const { pool, workers } = await startedPool(1);
    workers[0]!.end(new Error('crash'));
    const reloaded = pool.reload();
    await pass();
    workers[1]!.accept();
    await reloaded;
    await pass(60_000);
    expect(workers).toHaveLength(2);
  });

  test('stops all workers, starts none in their place, and kills those that do not stop', async () => {
    const { pool, workers } = await startedPool(2);
    workers[0]!.stop = () => {};
    const stopped = vi.fn();
    void pool.stop().then(stopped);
    await pass(9999);
    expect(stopped).not.toHaveBeenCalled();
    await pass(1);
    expect(stopped).toHaveBeenCalled();
    expect(workers.map(({ orders }) => orders)).toEqual([['kill'], ['stop']]);
    await pass(60_000);
    expect(workers).toHaveLength(2);
  });
});
