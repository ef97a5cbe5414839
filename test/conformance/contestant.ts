import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Site } from '../serve/support/site.js';
import { must, pythonWith } from '../system/install.js';

/** Handler that runs in its own process, because a request may end it. */
export interface Contestant {
  readonly name: string;
  /** Starts the process and returns its port. */
  start(site: Site): Promise<{ readonly port: number; readonly process: ChildProcess }>;
}

const SERVERS = path.join(import.meta.dirname, 'servers');

function nodeContestant(name: string, handler: string): Contestant {
  return {
    name,
    start: (site) => started(process.execPath, [path.join(SERVERS, 'node.mjs'), handler, site.path('root')]),
  };
}

/** Returns the handlers that are compared, with their versions. */
export function contestants(): readonly Contestant[] {
  const python = pythonWith('whitenoise', ['whitenoise>=6.8', 'waitress>=3', 'brotli']);
  const version = must(python, [
    '-c',
    'import importlib.metadata as m; print(m.version("whitenoise"))',
  ]).trim();
  return [
    nodeContestant('staticfiles', 'ours'),
    nodeContestant(`sirv ${versionOf('sirv')}`, 'sirv'),
    nodeContestant(`send ${versionOf('send')}`, 'send'),
    {
      name: `WhiteNoise ${version}`,
      start: (site) => started(python, [path.join(SERVERS, 'whitenoise_server.py'), site.path('root')]),
    },
  ];
}

function versionOf(packageName: string): string {
  return createRequire(import.meta.url)(`${packageName}/package.json`).version;
}

/** Waits for the port that a server prints. */
function started(command: string, argv: readonly string[]) {
  const child = spawn(command, argv, { stdio: ['ignore', 'pipe', 'ignore'] });
  return new Promise<{ port: number; process: ChildProcess }>((resolve, reject) => {
    child.stdout.once('data', (line) => resolve({ port: Number(String(line)), process: child }));
    child.once('exit', (code) => reject(new Error(`'${command} ${argv.join(' ')}' exited with ${code}.`)));
  });
}
