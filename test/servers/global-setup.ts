import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { startAzurite } from './start/azurite.js';
import { startFakeGcs } from './start/fake-gcs.js';
import type { ServerProcess } from './start/process.js';
import { startVersitygw } from './start/s3.js';
import { type SshHost, startSshd } from './start/sshd.js';

/** How the tests reach the servers. */
export interface Servers {
  readonly versitygw: Address;
  readonly azurite: Address;
  readonly fakeGcs: Address;
  readonly hosts: readonly [SshAddress, SshAddress];
}

export type Address = Pick<ServerProcess, 'port'>;
export type SshAddress = Omit<SshHost, 'stop'>;

declare module 'vitest' {
  export interface ProvidedContext {
    servers: Servers;
  }
}

/** Starts every server once for all tests; vitest calls what it returns at the end, however that comes about. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const top = fs.mkdtempSync(path.join(os.tmpdir(), 'staticfiles-servers-run-'));
  const running: ServerProcess[] = [];
  const start = async <T extends ServerProcess>(name: string, starter: (folder: string) => Promise<T>) => {
    const folder = path.join(top, name);
    fs.mkdirSync(folder);
    const server = await starter(folder);
    running.push(server);
    const { stop: _, ...address } = server;
    return address;
  };
  const stop = async () => {
    await Promise.all(running.map((server) => server.stop()));
    fs.rmSync(top, { recursive: true, force: true });
  };
  try {
    provide('servers', {
      versitygw: await start('versitygw', startVersitygw),
      azurite: await start('azurite', startAzurite),
      fakeGcs: await start('fake-gcs', startFakeGcs),
      hosts: [await start('host-1', startSshd), await start('host-2', startSshd)],
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}
