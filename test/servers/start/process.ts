import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A server that runs until it is stopped. */
export interface ServerProcess {
  readonly port: number;
  stop(): Promise<void>;
}

export interface Launch {
  /** Shown if it does not start. */
  readonly name: string;
  readonly command: string;
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly port: number;
  /** Whether it has started. Default: when it accepts connections. */
  ready?(): boolean;
  /** A folder of its own for its output. */
  readonly folder: string;
}

/** How long a server may take to start. */
const PATIENCE_MS = 60_000;

/** Returns a free port of the loopback interface. */
export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Starts a server and waits until it is ready.
 *
 * @throws Error with its output if it ends, or is not ready within a minute
 */
export async function startServer(launch: Launch): Promise<ServerProcess> {
  const { command, argv, env, port, folder, name } = launch;
  const log = path.join(folder, `${name}.log`);
  const out = fs.openSync(log, 'w');
  const child = spawn(command, argv, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', out, out],
  });
  fs.closeSync(out);
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async () => {
    process.off('exit', kill);
    await stopped(child);
  };
  try {
    await started(child, launch.ready ?? (() => accepts(port)));
  } catch (error) {
    await stop();
    throw new Error(`The server '${name}' did not start: ${error}\n${fs.readFileSync(log, 'utf8')}`);
  }
  return { port, stop };
}

async function started(child: ChildProcess, ready: () => boolean | Promise<boolean>): Promise<void> {
  let failure: Error | undefined;
  child.once('error', (error) => {
    failure = error;
  });
  for (const begun = Date.now(); Date.now() - begun < PATIENCE_MS; await sleep(50)) {
    if (failure) throw failure;
    if (child.exitCode !== null) throw new Error(`it exited with ${child.exitCode}`);
    if (await ready()) return;
  }
  throw new Error(`it was not ready after ${PATIENCE_MS / 1000} s`);
}

function accepts(port: number): Promise<boolean> {
  const socket = net.connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const last = setTimeout(() => child.kill('SIGKILL'), 5000);
  await ended;
  clearTimeout(last);
}
