import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { must } from '../../system/install.js';
import { debianFile } from './install.js';
import { freePort, type ServerProcess, startServer } from './process.js';

/** A host that one can log on to by a key. */
export interface SshHost extends ServerProcess {
  /** The folder that stands for the host's disk. */
  readonly disk: string;
  readonly user: string;
  /** The private key. */
  readonly identity: string;
  /** The host's own key, as `known_hosts` has it. */
  readonly knownHosts: string;
}

/** An unprivileged sshd of its own, with keys made for this run. */
export async function startSshd(folder: string): Promise<SshHost> {
  const command = debianFile('/usr/sbin/sshd', 'openssh-server');
  debianFile('/usr/bin/rsync', 'rsync');
  const port = await freePort();
  const at = (name: string) => path.join(folder, name);
  for (const name of ['host_key', 'identity'])
    must('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(name)]);
  fs.copyFileSync(at('identity.pub'), at('authorized_keys'));
  fs.writeFileSync(at('sshd_config'), config(folder, port));
  fs.writeFileSync(at('known_hosts'), `[127.0.0.1]:${port} ${fs.readFileSync(at('host_key.pub'), 'utf8')}`);
  fs.mkdirSync(at('disk'));
  if (process.getuid?.() === 0) fs.mkdirSync('/run/sshd', { recursive: true });
  const server = await startServer({
    name: 'sshd',
    command,
    argv: ['-D', '-e', '-f', at('sshd_config')],
    port,
    folder,
  });
  const { username } = os.userInfo();
  return {
    ...server,
    disk: at('disk'),
    user: username,
    identity: at('identity'),
    knownHosts: at('known_hosts'),
  };
}

function config(folder: string, port: number): string {
  return [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${folder}/host_key`,
    `AuthorizedKeysFile ${folder}/authorized_keys`,
    `PidFile ${folder}/sshd.pid`,
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'UsePAM no',
    // The folder is in a temporary one, which others may write to.
    'StrictModes no',
    'PermitRootLogin prohibit-password',
    'MaxStartups 100',
    '',
  ].join('\n');
}
