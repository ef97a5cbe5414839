import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort, type ServerProcess, startServer } from './process.js';

/**
 * An rsync daemon with three modules: `assets`, `closed` with a password, and `frozen`, which is read-only.
 *
 * @param folder an empty folder; the module `assets` is its folder `assets`
 */
export async function startRsyncDaemon(folder: string): Promise<ServerProcess> {
  const port = await freePort();
  const at = (name: string) => path.join(folder, name);
  fs.mkdirSync(at('assets'));
  fs.writeFileSync(at('motd'), 'Welcome\n-rw-r--r-- is what new files get\n');
  fs.writeFileSync(at('secrets'), 'deploy:secret\n', { mode: 0o600 });
  fs.writeFileSync(at('rsyncd.conf'), config(folder));
  const argv = [
    '--daemon',
    '--no-detach',
    `--port=${port}`,
    '--address=127.0.0.1',
    `--config=${at('rsyncd.conf')}`,
  ];
  return startServer({ name: 'rsync', command: 'rsync', argv, port, folder });
}

function config(folder: string): string {
  const { uid, gid } = os.userInfo();
  return [
    'use chroot = no',
    ...(uid === 0 ? [`uid = ${uid}`, `gid = ${gid}`] : []),
    `lock file = ${folder}/lock`,
    `motd file = ${folder}/motd`,
    'read only = no',
    `path = ${folder}/assets`,
    '[assets]',
    '[closed]',
    'auth users = deploy',
    `secrets file = ${folder}/secrets`,
    '[frozen]',
    'read only = yes',
    '',
  ].join('\n');
}
