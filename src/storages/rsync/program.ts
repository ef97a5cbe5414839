import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { StaticFilesError, systemErrorCode } from '../../errors.js';

export interface RunOptions {
  /** The text for its standard input. */
  readonly input?: string;
  /** Called with each chunk of its output. */
  onOutput?(chunk: Buffer): void;
  /** When aborted, rsync and its children are killed. */
  readonly signal: AbortSignal;
}

/** An rsync that ended with an error. */
export class RsyncFailure extends Error {
  override readonly name = 'RsyncFailure';
  /** See `man rsync`. `undefined` if a signal ended it. */
  readonly exitCode: number | undefined;
  /** The end of its standard error. */
  readonly stderr: string;

  constructor(exitCode: number | undefined, stderr: string) {
    super(`rsync ended with exit code ${exitCode}: ${stderr}`);
    this.exitCode = exitCode;
    this.stderr = stderr;
  }
}

/** How much of the standard error is kept, in characters from its end. */
const STDERR_LIMIT = 64 * 1024;

/** How long rsync may take to end after SIGTERM, before it gets SIGKILL. */
const KILL_AFTER_MS = 2000;

/**
 * Runs rsync to its end, without a shell.
 *
 * @throws StaticFilesError `settings` if rsync is not installed
 * @throws RsyncFailure
 * @throws the signal's reason
 */
export async function runRsync(
  args: readonly string[],
  { input = '', onOutput, signal }: RunOptions,
): Promise<void> {
  signal.throwIfAborted();
  // In a session of its own it has no terminal to prompt on, and can be killed together with the ssh that it started.
  const child = spawn('rsync', args, { detached: true, stdio: 'pipe' });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_LIMIT);
  });
  child.stdout.on('data', (chunk: Buffer) => onOutput?.(chunk));
  child.stdin.on('error', () => {}); // rsync ended before it read everything; its exit code says why
  child.stdin.end(input);
  const exitCode = await exitOf(child, signal);
  signal.throwIfAborted();
  if (exitCode !== 0) throw new RsyncFailure(exitCode, stderr);
}

async function exitOf(child: ChildProcess, signal: AbortSignal): Promise<number | undefined> {
  let killing: NodeJS.Timeout | undefined;
  const stop = () => {
    killGroup(child, 'SIGTERM');
    killing = setTimeout(() => killGroup(child, 'SIGKILL'), KILL_AFTER_MS);
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const [exitCode] = (await once(child, 'close')) as [number | null];
    return exitCode ?? undefined;
  } catch (error) {
    throw systemErrorCode(error) === 'ENOENT' ? isMissing(error) : error;
  } finally {
    clearTimeout(killing);
    signal.removeEventListener('abort', stop);
  }
}

function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (systemErrorCode(error) !== 'ESRCH') throw error;
  }
}

function isMissing(cause: unknown): StaticFilesError {
  return new StaticFilesError(
    'settings',
    "The storage 'rsync' needs the program rsync, which is not in PATH. Install it here and on the servers: " +
      'apt install rsync, dnf install rsync, apk add rsync, or brew install rsync.',
    { cause },
  );
}

/** The meaning of rsync's exit codes, and what to do: `man rsync`, EXIT VALUES. */
const MEANINGS: Readonly<Record<number, string>> = {
  1: 'rsync did not accept its arguments. It must be 3.1 or newer, here and on the server; the rsync of macOS is another program',
  2: 'something other than rsync answered there. Does the login shell of that account print something?',
  5: 'the rsync daemon refused the login. Check the name of its module, the user and the password',
  10: 'the rsync daemon cannot be reached. Check its name and port, and that it is running',
  11: 'a file or folder cannot be written there. Check that the folder above exists, the space and the permissions',
  12: 'the connection broke. Check ssh, that rsync is installed there, and that there is space left',
  14: 'the remote shell cannot be started. Check the option ssh',
  23: 'some files cannot be written or read there. Check their permissions',
  30: 'nothing came for two minutes. Check the connection and the server',
  35: 'the rsync daemon did not answer in time. Check its name and port',
  126: 'rsync cannot be run there. Check its permissions',
  127: 'rsync is not installed there',
  255: 'ssh failed. Check the name of the host, the key, and that the host is in known_hosts; ssh cannot ask here',
};

/** What a daemon prints in cases that its exit code does not tell apart: https://download.samba.org/pub/rsync/rsyncd.conf.5 */
const SAID: readonly (readonly [said: RegExp, meaning: string])[] = [
  [
    /module is read only/,
    "the module of the rsync daemon does not allow writing. Set 'read only = false' for it in rsyncd.conf",
  ],
  [
    /module is write only/,
    "the module of the rsync daemon does not allow reading, but the storage must see what is there. Set 'write only = false' for it in rsyncd.conf",
  ],
  [
    /configured to refuse|option is (?:disabled|refused)/,
    "the rsync daemon refuses an option that the storage needs. Change 'refuse options' in rsyncd.conf",
  ],
  [/Unknown module/, 'the rsync daemon has no such module. Check its name in the option hosts'],
  [/max connections/, 'the rsync daemon has as many connections as it allows. Run again later'],
];

const BROKEN = 'the connection broke, or rsync was ended there. Run again: only missing files are sent';

/**
 * Turns a failure of rsync into an error that names the destination and says what to do. Other errors are returned as they
 * are.
 *
 * @param destination as in the settings: `deploy@web1:/srv/static/`
 */
export function explained(error: unknown, destination: string): unknown {
  if (!(error instanceof RsyncFailure)) return error;
  const { exitCode } = error;
  const line = causeLine(error);
  const said = line === undefined ? '' : ` It said: ${line}`;
  const message = `'${destination}': ${meaningOf(error)} (${exitText(exitCode)}).${said}`;
  return new StaticFilesError('target', message, { cause: error });
}

function meaningOf({ exitCode, stderr }: RsyncFailure): string {
  const meaning = SAID.find(([said]) => said.test(stderr))?.[1];
  if (meaning !== undefined) return meaning;
  // ssh ends with 255 if it cannot connect, and also if the program at the other end is killed.
  if (exitCode === 255 && /connection unexpectedly closed \([1-9]\d* bytes received/.test(stderr))
    return BROKEN;
  return (exitCode !== undefined && MEANINGS[exitCode]) || 'rsync failed';
}

function exitText(exitCode: number | undefined): string {
  return exitCode === undefined ? 'it was killed' : `exit code ${exitCode}`;
}

/** Lines that only repeat the exit code, or say that the other side is gone. The cause comes before them. */
const SUMMARIES =
  /^(rsync (error|warning): |\(see the rsync man)|connection unexpectedly closed|(read|write) error: .*(Broken pipe|Connection reset)|failed to write .*Broken pipe/;

/** An error line of the daemon, or of the other side. */
const OWN_ERROR = /^@?ERROR: /;

/** Returns the line of the standard error that says why rsync failed. */
function causeLine({ stderr }: RsyncFailure): string | undefined {
  const lines = stderr.split('\n').map((line) => line.trim());
  const causes = lines.filter((line) => line !== '' && !SUMMARIES.test(line));
  return causes.find((line) => OWN_ERROR.test(line)) ?? causes.at(-1);
}

/** Whether an {@link explained} error says that rsync ran and failed. */
export function isFailureOfRsync(error: unknown): boolean {
  return error instanceof StaticFilesError && error.cause instanceof RsyncFailure;
}

/** Whether an {@link explained} error says that the folder to be read does not exist. */
export function isFolderMissing(error: unknown): boolean {
  return (
    error instanceof StaticFilesError &&
    error.cause instanceof RsyncFailure &&
    /change_dir.* failed: No such file or directory \(2\)/.test(error.cause.stderr)
  );
}
