import path from 'node:path';
import { StaticFilesError } from '../../errors.js';
import { problemOfArgument } from './arguments.js';

/** The options of the storage `rsync`. */
export interface RsyncOptions {
  /**
   * Where to publish, in the forms of rsync (https://download.samba.org/pub/rsync/rsync.1): `deploy@web1:/srv/static/`,
   * `web2::module/path`, `rsync://web2/module/path`, or a folder, relative to the settings' one.
   */
  readonly hosts: readonly string[];
  /** The remote shell: `"ssh -p 2222 -i deploy_key"`, or its words as a list. `ssh` unless given. */
  readonly ssh?: string | readonly string[];
  /** Further arguments of every call of rsync, of those that change neither which files travel nor how they are compared. */
  readonly args?: readonly string[];
}

/** The options, completed. */
export interface RsyncRules {
  /** Each ends in `/`. */
  readonly hosts: readonly string[];
  /** As rsync takes it after `--rsh=`. */
  readonly remoteShell: string;
  readonly args: readonly string[];
}

const KEYS: readonly string[] = ['hosts', 'ssh', 'args'];

/**
 * Completes the options.
 *
 * @param baseDir absolute; from it hang the destinations that are folders
 * @throws StaticFilesError `settings` with all that is wrong with them
 */
export function rsyncRules(options: Readonly<Record<string, unknown>>, baseDir: string): RsyncRules {
  const problems = [...problemsOf(options)];
  if (problems.length > 0) throw new StaticFilesError('settings', problems.join('\n'));
  const { hosts, ssh = 'ssh', args = [] } = options as unknown as RsyncOptions;
  return {
    hosts: hosts.map((host) => destinationOf(host, baseDir)),
    remoteShell: remoteShell(typeof ssh === 'string' ? ssh : ssh.map(quoted).join(' ')),
    args,
  };
}

function* problemsOf(options: Readonly<Record<string, unknown>>): Generator<string> {
  for (const key of Object.keys(options)) {
    if (!KEYS.includes(key))
      yield `Unknown option '${key}' of the storage 'rsync'. Allowed are: ${KEYS.join(', ')}.`;
  }
  const { hosts, ssh, args = [] } = options;
  if (!isTexts(hosts) || hosts.length === 0 || hosts.some((host) => host.startsWith('-')))
    yield wrong('hosts', hosts, "a list of destinations such as 'deploy@web1:/srv/static/'");
  else if (new Set(hosts.map(withSlash)).size < hosts.length)
    yield wrong('hosts', hosts, 'each destination once');
  if (
    ssh !== undefined &&
    !(typeof ssh === 'string' && ssh.trim() !== '') &&
    !(isTexts(ssh) && ssh.length > 0)
  )
    yield wrong('ssh', ssh, "a command such as 'ssh -p 2222', or its words as a list");
  if (!isTexts(args)) yield wrong('args', args, 'a list of arguments of rsync');
  else yield* args.flatMap((argument) => refusal(argument));
}

function wrong(name: string, value: unknown, expected: string): string {
  return `The option '${name}' of the storage 'rsync' is ${JSON.stringify(value)}; expected ${expected}.`;
}

function refusal(argument: string): readonly string[] {
  const problem = problemOfArgument(argument);
  return problem === undefined
    ? []
    : [`The option 'args' of the storage 'rsync' has '${argument}': ${problem}.`];
}

function isTexts(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.every((text) => typeof text === 'string' && text !== '' && !text.includes('\0'))
  );
}

function withSlash(host: string): string {
  return host.endsWith('/') ? host : `${host}/`;
}

/** A colon before the first slash makes it remote. */
export function isRemote(host: string): boolean {
  return /^[^/]*:/.test(host);
}

/** Whether it is the place of a daemon, which is asked without a remote shell. */
export function isDaemon(host: string): boolean {
  return /^(rsync:\/\/|[^/:]*::|\[[^\]]*\]::|[^/@]*@\[[^\]]*\]::)/.test(host);
}

/**
 * The module of a daemon's place, and the folder below it. rsync 3.5.0 finds no files by a list where that is asked
 * for in the folder.
 */
export function moduleOf(destination: string): { readonly module: string; readonly folder: string } {
  const [, module = '', folder = ''] = /^((?:rsync:\/\/[^/]*\/|.*?::)[^/]*\/)(.*)$/.exec(destination) ?? [];
  return { module, folder };
}

function destinationOf(host: string, baseDir: string): string {
  return withSlash(isRemote(host) ? host : path.resolve(baseDir, host));
}

/** rsync splits the command at spaces, and knows quotes, of which a doubled one stands for itself. */
function quoted(word: string): string {
  return /[\s'"]/.test(word) ? `'${word.replaceAll("'", "''")}'` : word;
}

/** What ssh is told first holds: a `BatchMode` of the user's own goes before this one. */
function remoteShell(command: string): string {
  const [program = ''] = command.trim().split(/\s/, 1);
  return path.posix.basename(program) === 'ssh' ? `${command} -o BatchMode=yes` : command;
}
