import { StaticFilesError } from '../../errors.js';
import { RsyncFailure } from './program.js';

/** What an exit code of rsync means for a person, and what to do: `man rsync`, EXIT VALUES. */
const MEANINGS: Readonly<Record<number, string>> = {
  1: 'rsync did not take its arguments. It must be 3.1 or newer, here and there; that of macOS is another program',
  2: 'what answers there is not rsync. Does the login shell of that account print something?',
  5: 'the rsync daemon did not let us in. Check the name of its module, the user and the password',
  10: 'the rsync daemon cannot be reached. Check its name and port, and that it runs',
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

/** What a daemon says where its exit code says nothing: https://download.samba.org/pub/rsync/rsyncd.conf.5 */
const SAID: readonly (readonly [said: RegExp, meaning: string])[] = [
  [
    /module is read only/,
    "the module of the rsync daemon does not allow writing. Set 'read only = false' for it in rsyncd.conf",
  ],
  [
    /module is write only/,
    "the module of the rsync daemon does not allow reading, and the storage looks what is there. Set 'write only = false' for it in rsyncd.conf",
  ],
  [
    /configured to refuse|option is (?:disabled|refused)/,
    "the rsync daemon refuses an option that the storage needs. Change 'refuse options' in rsyncd.conf",
  ],
  [/Unknown module/, 'the rsync daemon has no such module. Check its name in the option hosts'],
  [/max connections/, 'the rsync daemon has as many connections as it allows. Run again later'],
];

const BROKEN =
  'the connection broke, or rsync was ended there. Run again: what is there already does not travel';

/**
 * The error for people, which names the destination; what is none of rsync's is left as it is.
 *
 * @param destination as the settings give it: `deploy@web1:/srv/static/`
 */
export function explained(error: unknown, destination: string): unknown {
  if (!(error instanceof RsyncFailure)) return error;
  const { exitCode } = error;
  const line = tellingLine(error);
  const said = line === undefined ? '' : ` It said: ${line}`;
  const message = `'${destination}': ${meaningOf(error)} (${exitText(exitCode)}).${said}`;
  return new StaticFilesError('target', message, { cause: error });
}

function meaningOf({ exitCode, stderr }: RsyncFailure): string {
  const meaning = SAID.find(([said]) => said.test(stderr))?.[1];
  if (meaning !== undefined) return meaning;
  // ssh ends with 255 when it cannot connect, and also when the program at the other end is killed.
  if (exitCode === 255 && /connection unexpectedly closed \([1-9]\d* bytes received/.test(stderr))
    return BROKEN;
  return (exitCode !== undefined && MEANINGS[exitCode]) || 'rsync failed';
}

function exitText(exitCode: number | undefined): string {
  return exitCode === undefined ? 'it was killed' : `exit code ${exitCode}`;
}

/** Lines that only tell the exit code again, or that the other side is gone: why, it said before. */
const SUMMARIES =
  /^(rsync (error|warning): |\(see the rsync man)|connection unexpectedly closed|(read|write) error: .*(Broken pipe|Connection reset)|failed to write .*Broken pipe/;

/** The daemon's own, or that of the other side. */
const OWN_ERROR = /^@?ERROR: /;

function tellingLine({ stderr }: RsyncFailure): string | undefined {
  const lines = stderr.split('\n').map((line) => line.trim());
  const telling = lines.filter((line) => line !== '' && !SUMMARIES.test(line));
  return telling.find((line) => OWN_ERROR.test(line)) ?? telling.at(-1);
}

/** Whether an error was {@link explained}: rsync ran, and failed. */
export function isFailureOfRsync(error: unknown): boolean {
  return error instanceof StaticFilesError && error.cause instanceof RsyncFailure;
}

/** Whether an error that was {@link explained} tells that the folder to be read is not there. */
export function isFolderMissing(error: unknown): boolean {
  return (
    error instanceof StaticFilesError &&
    error.cause instanceof RsyncFailure &&
    /change_dir.* failed: No such file or directory \(2\)/.test(error.cause.stderr)
  );
}
