import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { newProject } from '../../support/project.js';
import type { Service } from '../services/service.js';

/** A process that publishes, or prunes, again and again. */
export interface Worker {
  /** What came of each of its runs: `ok`, or an error's code and message. */
  readonly outcomes: string[];
  readonly process: ChildProcess;
  /** Lets it finish its run. */
  stop(): Promise<void>;
}

/** How much faster time goes by for the workers: for waiting, and for the hour in which nothing is deleted. */
const SPEED = { waiting: 6, date: 720 };

/** Longer than a run that shows no life is waited for. Milliseconds. */
export const LONG_MS = 7000;

const SETTINGS = {
  staticRoot: 'root',
  staticUrl: '/static/',
  cacheDir: 'cache',
  staticfilesDirs: ['static'],
  postProcess: [['fingerprint', { originals: false }]],
};

/** Starts a worker. @param port of a proxy in front of the server; default: the server's own */
export function startWorker(
  role: 'deploy' | 'prune',
  {
    service,
    destination,
    port,
  }: { readonly service: Service; readonly destination: string; readonly port?: number },
): Worker {
  const files = Array.from({ length: 8 }, (_, i) => [`static/img/${i}.svg`, `<svg id="${i}"/>`]);
  const project = newProject({ 'static/app.css': '', ...Object.fromEntries(files) }, SETTINGS);
  const { backend, options } = service.entry(destination, port);
  const given = {
    ...{ role, folder: project.dir, backend, options, speed: SPEED },
    dist: path.resolve(import.meta.dirname, '../../../dist'),
    colours: ['red', 'green', 'black', 'white'],
  };
  const worker = spawn(
    process.execPath,
    [path.join(import.meta.dirname, 'worker.mjs'), JSON.stringify(given)],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...service.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    },
  );
  const outcomes: string[] = [];
  createInterface({ input: worker.stdout }).on('line', (line) => outcomes.push(line));
  return {
    outcomes,
    process: worker,
    async stop() {
      const ended = once(worker, 'exit');
      worker.kill('SIGCONT');
      worker.stdin.end();
      await ended;
    },
  };
}
