import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

const README = path.resolve(import.meta.dirname, '../../README.md');

/** The quick start of README.md: what a reader types and saves. */
interface QuickStart {
  /** Names of the packages that step 1 installs. */
  readonly packages: readonly string[];
  /** Shell commands of step 2: they create the static files and the settings. */
  readonly files: string;
  /** Step 3, the text of `app.mjs`. */
  readonly app: string;
  /** Shell command of step 4 that collects. */
  readonly collect: string;
  /** Shell command of step 4 that starts the application. */
  readonly start: string;
}

/** Reads the steps from README.md. */
export function readQuickStart(): QuickStart {
  const section = /^## Quick start$([\s\S]*?)^## /m.exec(fs.readFileSync(README, 'utf8'))![1]!;
  const blocks = Array.from(section.matchAll(/^```\w+\n([\s\S]*?)^```$/gm), ([, code]) => code!);
  if (blocks.length !== 4) throw new Error(`README.md: the quick start has ${blocks.length} code blocks.`);
  const [install, files, app, run] = blocks as [string, string, string, string];
  const [collect, start] = run.trim().split('\n') as [string, string];
  return { packages: /^npm install (.*)\n$/.exec(install)![1]!.split(' '), files, app, collect, start };
}

/** An application that was started by a shell command. */
interface StartedApp {
  readonly url: string;
  stop(): void;
}

/** Starts the application of the quick start on a free port, and waits until it listens. */
export async function startApp(dir: string, command: string): Promise<StartedApp> {
  const server: ChildProcess = spawn('sh', ['-c', command], {
    cwd: dir,
    env: { PATH: process.env.PATH, HOME: dir, PORT: String(await freePort()) },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const [line] = await Promise.race([
    once(server.stdout!, 'data'),
    once(server, 'exit').then(([code]) => Promise.reject(new Error(`'${command}' ended with ${code}.`))),
  ]);
  // The shell and its child are a group of their own.
  return { url: String(line).trim(), stop: () => process.kill(-server.pid!) };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
