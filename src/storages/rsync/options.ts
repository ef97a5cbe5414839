import path from 'node:path';
import * as v from 'valibot';
import type { SettingsProblem } from '../../errors.js';
import { checkOptions, type OptionsRules, oneOf, throwOnProblems } from '../../plugins/options.js';
import { problemOfArgument } from './arguments.js';

/** The options of the storage `rsync`. */
export interface RsyncOptions {
  /**
   * Destinations in rsync's form (https://download.samba.org/pub/rsync/rsync.1): `deploy@web1:/srv/static/`,
   * `web2::module/path`, `rsync://web2/module/path`, or a folder, relative to the settings file's.
   */
  readonly hosts: readonly string[];
  /** The remote shell: `"ssh -p 2222 -i deploy_key"`, or its words as a list. Default `ssh`. */
  readonly ssh?: string | readonly string[];
  /** Further arguments of every call of rsync. Allowed are those that change how files are sent, not which. */
  readonly args?: readonly string[];
}

/** The options in the form that rsync needs. */
export interface RsyncRules {
  /** Each ends in `/`. */
  readonly hosts: readonly string[];
  /** The value of `--rsh=`. */
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
 * Checks the options and converts them to rsync's form.
 *
 * @param baseDir the absolute folder that relative destinations are resolved from
 * @throws StaticFilesError `settings` with all problems
 */
export function rsyncRules(options: RsyncOptions, baseDir: string): RsyncRules {
  checkOptions(RSYNC_OPTIONS, options);
  const { hosts, ssh = 'ssh', args = [] } = options;
  throwOnProblems(args.flatMap(refusal), RSYNC_OPTIONS.plugin);
  return {
    hosts: hosts.map((host) => destinationOf(host, baseDir)),
    remoteShell: remoteShell(typeof ssh === 'string' ? ssh : ssh.map(quoted).join(' ')),
    args,
  };
}

function refusal(argument: string): readonly SettingsProblem[] {
  const problem = problemOfArgument(argument);
  return problem === undefined ? [] : [{ code: 'E007', key: 'args', message: `'${argument}': ${problem}.` }];
}

function withSlash(host: string): string {
  return host.endsWith('/') ? host : `${host}/`;
}

/** Whether it is on another machine: a colon comes before the first slash. */
export function isRemote(host: string): boolean {
  return /^[^/]*:/.test(host);
}

/** Whether it is at an rsync daemon, which needs no remote shell. */
export function isDaemon(host: string): boolean {
  return /^(rsync:\/\/|[^/:]*::|\[[^\]]*\]::|[^/@]*@\[[^\]]*\]::)/.test(host);
}

/**
 * Splits a daemon's destination into the module and the folder below it. rsync 3.5.0 finds no files of a list in a folder
 * of a module, only in the module itself.
 */
export function moduleOf(destination: string): { readonly module: string; readonly folder: string } {
  const [, module = '', folder = ''] = /^((?:rsync:\/\/[^/]*\/|.*?::)[^/]*\/)(.*)$/.exec(destination) ?? [];
  return { module, folder };
}

function destinationOf(host: string, baseDir: string): string {
  return withSlash(isRemote(host) ? host : path.resolve(baseDir, host));
}

/** Quotes a word for rsync, which splits the command at spaces. A doubled quote stands for itself. */
function quoted(word: string): string {
  return /[\s'"]/.test(word) ? `'${word.replaceAll("'", "''")}'` : word;
}

/** Adds `BatchMode` last, since ssh uses the first value of an option: the user's own wins. */
function remoteShell(command: string): string {
  const [program = ''] = command.trim().split(/\s/, 1);
  return path.posix.basename(program) === 'ssh' ? `${command} -o BatchMode=yes` : command;
}
