import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { must } from '../../system/install.js';
import { debianFile } from './install.js';
import { freePort, type ServerProcess, startServer } from './process.js';

/** A host that accepts logins with a key. */
interface SshHost {
  /** Its name in the ssh configuration of {@link SshHosts}. */
  readonly alias: string;
  /** The folder that stands for the host's disk. */
  readonly disk: string;
}

export interface SshHosts {
  readonly hosts: readonly SshHost[];
  /** For `ssh -F`: https://man.openbsd.org/ssh_config */
  readonly config: string;
}

/** The ssh configuration of the running hosts. */
export function sshConfig(hosts: readonly RunningHost[]): string {
  return hosts.map(({ entry }) => entry).join('\n');
}

interface RunningHost extends SshHost, ServerProcess {
  readonly entry: string;
}

/** Starts an unprivileged sshd, with keys made for this run. */
export async function startSshd(folder: string): Promise<RunningHost> {
  const command = debianFile('/usr/sbin/sshd', 'openssh-server');
  debianFile('/usr/bin/rsync', 'rsync');
  const port = await freePort();
  const at = (name: string) => path.join(folder, name);
  for (const name of ['host_key', 'identity'])
    must('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(name)]);
  fs.copyFileSync(at('identity.pub'), at('authorized_keys'));
  fs.writeFileSync(at('sshd_config'), serverConfig(folder, port));
  fs.writeFileSync(at('known_hosts'), `[127.0.0.1]:${port} ${fs.readFileSync(at('host_key.pub'), 'utf8')}`);
  fs.mkdirSync(at('disk'));
  if (process.getuid?.() === 0) fs.mkdirSync('/run/sshd', { recursive: true });
  const alias = path.basename(folder);
  const host = { alias, disk: at('disk'), entry: clientEntry(folder, alias, port) };
  const argv = ['-D', '-e', '-f', at('sshd_config')];
  const server = await startServer({ name: 'sshd', command, argv, port, folder });
  const connection = await connect(folder, host, port);
  const stop = async () => {
    await connection.stop();
    await server.stop();
  };
  return { ...host, port, stop };
}

/** One connection for every ssh of the tests, since logging in takes longer than most of them do. */
function connect(folder: string, { alias, entry }: Pick<RunningHost, 'alias' | 'entry'>, port: number) {
  const config = path.join(folder, 'ssh_config');
  fs.writeFileSync(config, entry);
  const argv = ['-F', config, '-N', '-o', 'ControlMaster=yes', alias];
  const ready = () => fs.existsSync(path.join(folder, 'control'));
  return startServer({ name: 'ssh', command: 'ssh', argv, port, ready, folder });
}

function clientEntry(folder: string, alias: string, port: number): string {
  return [
    `Host ${alias}`,
    '  HostName 127.0.0.1',
    `  Port ${port}`,
    `  User ${os.userInfo().username}`,
    `  IdentityFile ${folder}/identity`,
    '  IdentitiesOnly yes',
    `  UserKnownHostsFile ${folder}/known_hosts`,
    `  ControlPath ${folder}/control`,
    '  LogLevel ERROR',
    '',
  ].join('\n');
}

function serverConfig(folder: string, port: number): string {
  return [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${folder}/host_key`,
    `AuthorizedKeysFile ${folder}/authorized_keys`,
    `PidFile ${folder}/sshd.pid`,
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'UsePAM no',
    // The folder is in a temporary folder, which others may write to.
    'StrictModes no',
    'PermitRootLogin prohibit-password',
    'MaxStartups 100',
    'MaxSessions 100',
    '',
  ].join('\n');
}
