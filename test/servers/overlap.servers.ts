import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type FaultProxy, type ProxiedRequest, startFaultProxy } from './fault-proxy.js';
import { missingNow, watchLive } from './overlap/live.js';
import { LONG_MS, startWorker, type Worker } from './overlap/workers.js';
import { azureService } from './services/azure.js';
import { gcsService } from './services/gcs.js';
import { s3Service } from './services/s3.js';
import type { Service } from './services/service.js';
import type { ServerProcess } from './start/process.js';
import { S3RVER_KEYS, startS3rver } from './start/s3rver.js';

const { s3, azure, gcs, folder } = inject('servers');
const SECONDS = Number(process.env.STATICFILES_TEST_OVERLAP ?? 60);

let ignoring: ServerProcess;
beforeAll(async () => {
  const own = path.join(folder, 's3rver');
  fs.mkdirSync(own);
  ignoring = await startS3rver(own);
});
afterAll(() => ignoring?.stop());

const KEEPING = [
  { name: 'S3', service: () => s3Service(s3), port: s3 },
  { name: 'Azure', service: () => azureService(azure), port: azure },
  { name: 'GCS', service: () => gcsService(gcs), port: gcs },
];
const IGNORING = {
  name: 'a server that ignores conditions',
  service: (): Service => ({
    ...s3Service(ignoring.port),
    env: { AWS_ACCESS_KEY_ID: S3RVER_KEYS.accessKeyId, AWS_SECRET_ACCESS_KEY: S3RVER_KEYS.secretAccessKey },
  }),
};

let destinations = 0;
const newDestination = () => `overlap-${process.pid}-${++destinations}`;

interface Loops {
  readonly workers: readonly Worker[];
  readonly service: Service;
  readonly destination: string;
}

/** Starts two workers that publish and one that prunes. */
function startLoops(service: Service, port?: number): Loops {
  const destination = newDestination();
  const where = { service, destination, ...(port !== undefined && { port }) };
  const workers = [startWorker('deploy', where), startWorker('deploy', where), startWorker('prune', where)];
  return { workers, service, destination };
}

/** Lets the workers run for a while, watches the live manifest, and returns what was seen. */
async function runLoops({ workers, service, destination }: Loops, during: (until: number) => Promise<void>) {
  const end = new AbortController();
  const looking = watchLive(service, destination, end.signal);
  const until = Date.now() + SECONDS * 1000;
  await during(until);
  await sleep(Math.max(0, until - Date.now()));
  await Promise.all(workers.map((worker) => worker.stop()));
  await sleep(LONG_MS);
  end.abort();
  const looks = await looking;
  const missing = await missingNow(service, destination);
  const [first, second, pruning] = workers.map(({ outcomes }) => outcomes);
  const deploys = [...first!, ...second!];
  const failed = deploys.filter((outcome) => outcome !== 'ok');
  print(
    `${service.name}: ${looks.count} looks, ${looks.broken.length} broken; ${deploys.length} deploys, ` +
      `${failed.length} failed; ${pruning!.length} prunes, ${pruning!.filter((each) => each !== 'ok').length} stopped`,
  );
  return { looks, missing, failed, pruning: pruning! };
}

/** Freezes one worker after the other, for longer than others wait for it. */
async function freeze(workers: readonly Worker[], until: number): Promise<void> {
  for (let turn = 0; Date.now() < until - LONG_MS; turn++) {
    await sleep(1000 + 997 * (turn % 3));
    const { process: victim } = workers[turn % workers.length]!;
    victim.kill('SIGSTOP');
    await sleep(LONG_MS);
    victim.kill('SIGCONT');
  }
}

/** Prints figures for the reader of the test's output. */
function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

const rest = async () => {};
const time = { timeout: (SECONDS + 120) * 1000 };
const isDefect = (outcome: string) => !/^(?:ok$|overtaken|target|locked)/.test(outcome);

describe.each(KEEPING)('$name: two that publish and one that prunes', ({ service }) => {
  test('never leave the live manifest without its files', time, async () => {
    const { looks, missing, failed, pruning } = await runLoops(startLoops(service()), rest);
    expect({ broken: looks.broken, missing, failed }).toEqual({ broken: [], missing: [], failed: [] });
    expect(pruning.filter(isDefect)).toEqual([]);
    expect(looks.count).toBeGreaterThan(10);
  });

  test('nor if one of them is sometimes frozen for longer than others wait', time, async () => {
    const loops = startLoops(service());
    const outcome = await runLoops(loops, (until) => freeze(loops.workers, until));
    expect({ broken: outcome.looks.broken, missing: outcome.missing }).toEqual({ broken: [], missing: [] });
    expect([...outcome.failed, ...outcome.pruning].filter(isDefect)).toEqual([]);
  });
});

const isDeletion = ({ method, query }: ProxiedRequest) => method === 'DELETE' || query.has('delete');
const isManifest = ({ method, path: at, query }: ProxiedRequest) =>
  /^(?:PUT|POST)$/.test(method) && /(?:^|\/)staticfiles\.json$/.test(query.get('name') ?? at);

describe.each(KEEPING)('$name: a run that is frozen at a request', ({ service, port }) => {
  test.each([
    ['of a deletion', isDeletion, 2],
    ['of a manifest', isManifest, 0],
  ] as const)('%s, for longer than others wait, breaks nothing', time, async (_, isIt, victim) => {
    const proxy = await startFaultProxy(port);
    const loops = startLoops(service());
    const { service: at, destination } = loops;
    const frozen = startWorker(victim === 2 ? 'prune' : 'deploy', {
      service: at,
      destination,
      port: proxy.port,
    });
    let count = 0;
    const until = Date.now() + SECONDS * 1000;
    const when = (request: ProxiedRequest) => {
      // At the end it must get through: a run may have hundreds of deletions to make.
      const isOver = Date.now() > until && count > 0;
      if (isOver || !isIt(request) || ++count % 3 !== 1) return false;
      frozen.process.kill('SIGSTOP');
      setTimeout(() => frozen.process.kill('SIGCONT'), LONG_MS);
      return true;
    };
    const untilFrozen = async () => {
      while (count === 0 && Date.now() < until + 60_000) await sleep(100);
    };
    proxy.meet({ fault: 'delay', milliseconds: LONG_MS, when });
    const outcome = await runLoops({ ...loops, workers: [...loops.workers, frozen] }, untilFrozen);
    await proxy.close();
    print(`  of which ${Math.ceil(count / 3)} times frozen`);
    expect({ broken: outcome.looks.broken, missing: outcome.missing }).toEqual({ broken: [], missing: [] });
    expect(frozen.outcomes.filter(isDefect)).toEqual([]);
    expect(count).toBeGreaterThan(0);
  });
});

describe(IGNORING.name, () => {
  test('two that publish and one that prunes leave the live manifest with its files', time, async () => {
    const { looks, missing, failed } = await runLoops(startLoops(IGNORING.service()), rest);
    expect({ broken: looks.broken, missing, failed }).toEqual({ broken: [], missing: [], failed: [] });
  });
});

describe('a deploy between any two requests of prune', () => {
  test('keeps its files', time, async () => {
    const service = s3Service(s3);
    const destination = newDestination();
    const proxy: FaultProxy = await startFaultProxy(s3);
    const deploying = startWorker('deploy', { service, destination });
    const pruning = startWorker('prune', { service, destination, port: proxy.port });
    // Each request of prune waits until a deploy is over, or waits for prune itself.
    let after = 0;
    const until = Date.now() + SECONDS * 500;
    const when = () => {
      // At the end it must get through: no deploy comes any more.
      if (Date.now() > until) return false;
      const isOver = deploying.outcomes.length > after;
      after = deploying.outcomes.length;
      return !isOver;
    };
    proxy.meet({ fault: 'delay', milliseconds: 400, when });
    const end = new AbortController();
    const looking = watchLive(service, destination, end.signal);
    await sleep(SECONDS * 500);
    await Promise.all([deploying.stop(), pruning.stop()]);
    end.abort();
    await proxy.close();
    const looks = await looking;
    print(
      `between requests of prune: ${looks.count} looks, ${looks.broken.length} broken; ${deploying.outcomes.length} deploys`,
    );
    expect(looks.broken).toEqual([]);
    expect(await missingNow(service, destination)).toEqual([]);
    // The more releases there are, the longer this prune takes, so that a deploy may give up waiting.
    expect(deploying.outcomes.filter(isDefect)).toEqual([]);
    expect(deploying.outcomes).toContain('ok');
  });
});
