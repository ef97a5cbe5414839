import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { buildSync } from 'esbuild';
import { newProject } from '../../support/project.js';
import type { Service } from '../services/service.js';

const TOP = path.resolve(import.meta.dirname, '../../..');

/** A process that publishes, or prunes, again and again. */
export interface Worker {
  /** What came of each of its runs: `ok`, or an error's code and message. */
  readonly outcomes: string[];
  readonly process: ChildProcess;
  /** Lets it finish its run. */
  stop(): Promise<void>;
}

/** What a worker is told, as JSON in its argument. */
export interface WorkerTask {
  readonly role: 'deploy' | 'prune';
  readonly folder: string;
  readonly backend: string;
  readonly options: object;
  readonly colours: readonly string[];
  readonly speed: typeof SPEED;
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
  const { backend, options = {} } = service.entry(destination, port);
  const colours = ['red', 'green', 'black', 'white'];
  const task: WorkerTask = { role, folder: project.dir, backend, options, colours, speed: SPEED };
  const worker = spawn(process.execPath, [builtWorker(), JSON.stringify(task)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...service.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  });
  const ended = once(worker, 'exit');
  const outcomes: string[] = [];
  createInterface({ input: worker.stdout }).on('line', (line) => outcomes.push(line));
  worker.on('exit', (code) => {
    if (code !== 0) outcomes.push(`defect: the worker has ended with the exit code ${code}`);
  });
  return {
    outcomes,
    process: worker,
    async stop() {
      worker.kill('SIGCONT');
      worker.stdin.end();
      await ended;
    },
  };
}

let built: string | undefined;

/** The script of workers, built once: it has a clock of its own, which the package does not let in. */
function builtWorker(): string {
  if (built === undefined) {
    built = path.join(TOP, 'node_modules/.cache/staticfiles-tests/overlap-worker.mjs');
    const entryPoints = [path.join(import.meta.dirname, 'worker.ts')];
    buildSync({
      entryPoints,
      outfile: built,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
    });
  }
  return built;
}
