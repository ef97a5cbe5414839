import { EventEmitter } from 'node:events';
import process from 'node:process';
import type { Reporter } from '../reporter.js';
import { type ExitCode, type SignalSource, systemTerminal, type Terminal } from '../terminal.js';
import {
  plainError,
  WORKER_VARIABLE,
  type WorkerOrder,
  type WorkerReport,
  type WorkerRole,
} from './worker-messages.js';

/** What a worker of `staticfiles serve --workers` knows of the process that started it. */
export interface WorkerLink extends WorkerRole {
  /** Aborted when the worker retires. */
  readonly retired: AbortSignal;
  /** Passes everything on to the process that started the worker. */
  readonly reporter: Reporter;
  /** Lets the process end when nothing else keeps it alive. */
  leave(): void;
}

/**
 * Returns the terminal of a worker. The process that started it says when to stop: a terminal sends Ctrl-C to all
 * processes, and a worker that ends first would be taken for a crashed one.
 */
export function workerTerminal(role: string): Terminal {
  delete process.env[WORKER_VARIABLE]; // programs that a worker starts are not workers
  const signals = new Orders();
  const retiring = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => {});
  process.on('message', (order: WorkerOrder) => {
    if (order === 'stop') signals.emit('SIGTERM', 'SIGTERM');
    if (order === 'retire') retiring.abort();
  });
  const worker: WorkerLink = {
    ...(JSON.parse(role) as WorkerRole),
    retired: retiring.signal,
    reporter: relayReporter(),
    leave: () => process.channel?.unref(),
  };
  return systemTerminal({ signals, worker });
}

class Orders extends EventEmitter implements SignalSource {
  exit(code: ExitCode): void {
    process.exit(code);
  }
}

function relayReporter(): Reporter {
  const send = (...report: WorkerReport) => void process.send?.(report);
  const relayed: Pick<Reporter, WorkerReport[0]> = {
    warned: (warnings) => send('warned', warnings),
    answered: (request) => send('answered', request),
    serving: (server) => send('serving', server),
    failed: (error) => send('failed', plainError(error)),
  };
  return relayed as Reporter; // serving reports nothing else
}
