import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Project } from './project.js';

const TOP = path.resolve(import.meta.dirname, '../..');

export type CommandName = 'collectstatic' | 'findstatic' | 'staticfiles';

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Where to run, relative to the project. */
  readonly cwd?: string;
  /** Octal: `027`. */
  readonly umask?: string;
  /** What goes wrong with the file system meanwhile. */
  readonly fault?: Fault;
  /** A module of `preload/` that is loaded first. */
  readonly preload?: 'kill.mjs' | 'hang-up.mjs' | 'flushes.mjs' | 'array-buffers.mjs';
}

/** Understood by preload/faults.mjs; paths are absolute. */
type Fault =
  /** Writes below a folder fail, from one on. */
  | { readonly fault: 'fail'; readonly at: string; readonly after: number; readonly code: string }
  /** Writes below a folder take longer, from one on; standard error then says `dawdling`. */
  | { readonly fault: 'dawdle'; readonly at: string; readonly after: number; readonly milliseconds: number }
  /** No folder can be watched. */
  | { readonly fault: 'watch'; readonly code: string }
  /** A file is gone, or longer, when it is first opened. */
  | { readonly fault: 'vanish' | 'grow'; readonly at: string }
  /** A file or folder cannot be read. (Modes would not do: they do not hold the superuser.) */
  | { readonly fault: 'deny'; readonly at: string };

/** What a command did; the project's path is shown as `{TMP}`. */
export interface Result {
  /** Exit code; `null` where a signal ended it. */
  readonly exit: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a built command to its end, without a terminal. */
export function run(project: Project, name: CommandName, argv: readonly string[], options?: RunOptions) {
  return finished(project, start(project, name, argv, options));
}

/** Runs `collectstatic --noinput`. */
export function collect(project: Project, argv: readonly string[] = [], options?: RunOptions) {
  return run(project, 'collectstatic', ['--noinput', ...argv], options);
}

/** Starts a built command. */
export function start(
  project: Project,
  name: CommandName,
  argv: readonly string[],
  options: RunOptions = {},
) {
  const { fault, env } = options;
  const preload = options.preload ?? (fault && 'faults.mjs');
  const command = [
    process.execPath,
    ...(preload ? ['--import', pathToFileURL(path.join(import.meta.dirname, 'preload', preload)).href] : []),
    path.join(TOP, 'bin', `${name}.js`),
    ...argv,
  ];
  const umask = options.umask === undefined ? [] : ['sh', '-c', `umask ${options.umask}; exec "$@"`, 'sh'];
  const [file, ...rest] = [...umask, ...command];
  return spawn(file!, rest, {
    cwd: project.path(options.cwd ?? '.'),
    env: { ...environment(project), ...(fault && { FAULTS: JSON.stringify(fault) }), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Nothing of the environment of whoever runs the tests but the search path. */
function environment(project: Project): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: project.home,
    XDG_CACHE_HOME: path.join(project.home, '.cache'),
    XDG_CONFIG_HOME: path.join(project.home, '.config'),
    LANG: 'C.UTF-8',
  };
}

/** Waits for a command that was started. */
export function finished(project: Project, child: ChildProcess): Promise<Result> {
  const chunks: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.on('data', (chunk) => chunks[name].push(chunk));
  const text = (name: 'stdout' | 'stderr') =>
    Buffer.concat(chunks[name]).toString().replaceAll(project.dir, '{TMP}');
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exit, signal) =>
      resolve({ exit, signal, stdout: text('stdout'), stderr: text('stderr') }),
    );
  });
}

/** The lines of an output, without the end of the last one. */
export function lines(output: string): string[] {
  return output === '' ? [] : output.replace(/\n$/, '').split('\n');
}
