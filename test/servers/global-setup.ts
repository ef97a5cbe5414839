import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { prepareAzure } from './services/azure.js';
import { prepareGcs } from './services/gcs.js';
import { prepareS3 } from './services/s3.js';
import { startAzurite } from './start/azurite.js';
import { startFakeGcs } from './start/fake-gcs.js';
import type { ServerProcess } from './start/process.js';
import { startVersitygw } from './start/s3.js';
import { type SshHosts, sshConfig, startSshd } from './start/sshd.js';

/** The addresses of the servers. */
export interface Servers {
  /** Ports of the loopback interface. */
  readonly s3: number;
  readonly azure: number;
  readonly gcs: number;
  readonly ssh: SshHosts;
  /** A folder that is removed at the end. */
  readonly folder: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    servers: Servers;
  }
}

/** Starts every server once for all tests. vitest calls the returned function at the end, in any case. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const top = fs.mkdtempSync(path.join(os.tmpdir(), 'staticfiles-servers-run-'));
  const running: ServerProcess[] = [];
  const start = async <T extends ServerProcess>(name: string, starter: (folder: string) => Promise<T>) => {
    const folder = path.join(top, name);
    fs.mkdirSync(folder);
    const server = await starter(folder);
    running.push(server);
    return server;
  };
  const stop = async () => {
    await Promise.all(running.map((server) => server.stop()));
    fs.rmSync(top, { recursive: true, force: true });
  };
  try {
    const s3 = await start('s3', startVersitygw);
    const azure = await start('azure', startAzurite);
    const gcs = await start('gcs', startFakeGcs);
    const hosts = [await start('web-1', startSshd), await start('web-2', startSshd)];
    await Promise.all([prepareS3(s3.port), prepareAzure(azure.port), prepareGcs(gcs.port)]);
    const config = path.join(top, 'ssh_config');
    fs.writeFileSync(config, sshConfig(hosts));
    const ssh = { config, hosts: hosts.map(({ alias, disk }) => ({ alias, disk })) };
    provide('servers', { s3: s3.port, azure: azure.port, gcs: gcs.port, ssh, folder: top });
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}
