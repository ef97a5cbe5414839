import type { SendHandle } from 'node:child_process';
import cluster, { type Worker as ClusterWorker } from 'node:cluster';
import process from 'node:process';
import { describeSystemError, StaticFilesError } from '../../errors.js';
import type { Reporter, Serving } from '../reporter.js';
import {
  errorFrom,
  WORKER_VARIABLE,
  type WorkerOrder,
  type WorkerReport,
  type WorkerRole,
} from './worker-messages.js';
import type { Worker } from './worker-pool.js';

/**
 * Returns a function that starts this program again as a worker, with the same arguments. The workers listen on one port:
 * https://nodejs.org/api/cluster.html
 *
 * @param count number of workers
 * @param reporter prints what the workers report
 * @returns a function that throws StaticFilesError `usage` if this runtime has no workers
 */
export function workerStarter(count: number, reporter: Reporter): () => Worker<Serving> {
  let port: number | undefined;
  const connections: Connections = { onTheWay: new Map(), isStopping: false };
  // Nothing may keep the port when this process ends in a hurry.
  process.once('exit', () => {
    for (const worker of workers()) worker.process.kill('SIGKILL');
  });
  return () => {
    // While there are workers, they have the port. Afterwards a free one would be another one.
    const role: WorkerRole = { workers: count, ...(workers().length === 0 && { port }) };
    const forked = fork(role);
    passOnConnections(forked, connections);
    const worker = watchWorker(forked, reporter, connections);
    worker.ready.then(
      ({ url }) => {
        port = Number(new URL(url).port);
      },
      () => {},
    );
    return worker;
  };
}

function fork(role: WorkerRole): ClusterWorker {
  try {
    return cluster.fork({ [WORKER_VARIABLE]: JSON.stringify(role) });
  } catch (cause) {
    // Such as Deno, whose node:cluster can be imported only.
    const message = `This runtime cannot start workers: ${describeSystemError(cause)}. Leave out --workers, or use Node.js.`;
    throw new StaticFilesError('usage', message, { cause });
  }
}

function watchWorker(forked: ClusterWorker, reporter: Reporter, connections: Connections): Worker<Serving> {
  const { process: child } = forked;
  let failure: Error | undefined;
  const ended = endOf(forked).then((how) => failure ?? new StaticFilesError('target', how));
  const ready = new Promise<Serving>((resolve, reject) => {
    forked.on('message', (report: WorkerReport) => {
      if (report[0] === 'serving') resolve(report[1]);
      else if (report[0] === 'failed') failure = errorFrom(report[1]);
      else if (report[0] === 'answered') reporter.answered(report[1]);
      else reporter.warned(report[1]);
    });
    void ended.then(reject);
  });
  const order = (name: WorkerOrder) => {
    if (forked.isConnected()) forked.send(name);
  };
  return {
    ready,
    ended,
    retire: () => order('retire'),
    stop() {
      connections.isStopping = true;
      order('stop');
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

/** Waits for the end of a process and for the last of its messages, and says how it has ended. */
function endOf(forked: ClusterWorker): Promise<string> {
  const { process: child } = forked;
  return new Promise((resolve) => {
    // A message to a worker that is ending fails too.
    forked.on('error', (error) => {
      if (child.pid === undefined) resolve(`A worker cannot be started: ${describeSystemError(error)}.`);
    });
    // Not `disconnect`, which Node.js never emits if a connection is on its way to the worker.
    child.once('close', (code, signal) => {
      const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
      resolve(`Worker ${child.pid} ${how}.`);
    });
  });
}

interface Connections {
  /** Those that were sent to workers and not yet answered, with the `seq` of the last message. */
  readonly onTheWay: Map<SendHandle | undefined, number | undefined>;
  /** Whether all workers are to stop. */
  isStopping: boolean;
}

/**
 * Gives a connection to another worker if the one that it was sent to dies without an answer, and closes it if all workers
 * stop. `node:cluster` would forget the connection, and its client would wait for ever.
 */
function passOnConnections(worker: ClusterWorker, connections: Connections): void {
  const { process: child } = worker;
  const send: Send = child.send.bind(child);
  const unanswered = new Map<number | undefined, Parameters<Send>>();
  const sendNoted: Send = (message, connection) => {
    if (message.act === 'newconn') {
      unanswered.set(message.seq, [message, connection]);
      connections.onTheWay.set(connection, message.seq);
    }
    return send(message, connection);
  };
  Object.assign(child, { send: sendNoted });
  // By now, `node:cluster` has sent a connection that the worker does not accept to another one, if any is free.
  child.on('internalMessage', ({ ack, accepted }: ClusterMessage) => {
    const [, connection] = unanswered.get(ack) ?? [];
    unanswered.delete(ack);
    if (accepted === undefined || connections.onTheWay.get(connection) !== ack) return;
    connections.onTheWay.delete(connection);
    if (!accepted && connections.isStopping) (connection as unknown as Closable).close();
  });
  child.once('close', () => {
    const [other] = workers();
    for (const [message, connection] of unanswered.values()) {
      // Its answer counts as that of the dead one: it has taken the connection, or the next worker gets it.
      if (other) other.process.send(message, connection);
      else {
        connections.onTheWay.delete(connection);
        (connection as unknown as Closable).close();
      }
    }
  });
}

/** Message between the processes of `node:cluster`. */
interface ClusterMessage {
  readonly act?: string;
  readonly seq?: number;
  /** The `seq` of the message that it answers. */
  readonly ack?: number;
  /** Whether the worker has taken the connection. */
  readonly accepted?: boolean;
}

type Send = (message: ClusterMessage, handle?: SendHandle) => boolean;

interface Closable {
  close(): void;
}

/** Those that can get messages. */
function workers(): readonly ClusterWorker[] {
  const all = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
  return all.filter((worker) => worker.isConnected() && !worker.isDead());
}
