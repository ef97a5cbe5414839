import path from 'node:path';
import * as v from 'valibot';
import { checkOptions, invalidOption, type OptionsRules, oneOf } from '../../plugins/options.js';
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

const HOSTS = "a list of destinations such as 'deploy@web1:/srv/static/'";

const SSH = "a command such as 'ssh -p 2222', or its words as a list";

const ARGS = 'a list of arguments of rsync';

export const RSYNC_OPTIONS: OptionsRules = {
  plugin: "storage 'rsync'",
  entries: {
    hosts: v.pipe(
      v.array(word(HOSTS, /^[^-]/), HOSTS),
      v.minLength(1, HOSTS),
      v.check(areDistinct, 'each destination once'),
    ),
    ssh: v.optional(
      oneOf<string | string[]>(
        [(input) => typeof input === 'string', word(SSH, /\S/)],
        [() => true, v.pipe(v.array(word(SSH), SSH), v.minLength(1, SSH))],
      ),
    ),
    args: v.optional(v.array(word(ARGS), ARGS)),
  } satisfies Record<keyof RsyncOptions, v.GenericSchema>,
};

/** What the system takes as an argument. */
function word(expected: string, form = /./) {
  return v.pipe(v.string(expected), v.regex(form, expected), v.excludes('\0', expected));
}

function areDistinct(hosts: string[]): boolean {
  return new Set(hosts.map(withSlash)).size === hosts.length;
}

/**
 * Completes the options.
 *
 * @param baseDir absolute; from it hang the destinations that are folders
 * @throws StaticFilesError `settings` with all that is wrong with them
 */
export function rsyncRules(options: Readonly<Record<string, unknown>>, baseDir: string): RsyncRules {
  checkOptions(RSYNC_OPTIONS, options);
  const { hosts, ssh = 'ssh', args = [] } = options as unknown as RsyncOptions;
  refuseArguments(args);
  return {
    hosts: hosts.map((host) => destinationOf(host, baseDir)),
    remoteShell: remoteShell(typeof ssh === 'string' ? ssh : ssh.map(quoted).join(' ')),
    args,
  };
}

function refuseArguments(args: readonly string[]): void {
  for (const argument of args) {
    const problem = problemOfArgument(argument);
    if (problem !== undefined)
      throw invalidOption(RSYNC_OPTIONS.plugin, 'args', `'${argument}': ${problem}.`);
  }
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
