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

/**
 * The error for people, which names the destination; what is none of rsync's is left as it is.
 *
 * @param destination as the settings give it: `deploy@web1:/srv/static/`
 */
export function explained(error: unknown, destination: string): unknown {
  if (!(error instanceof RsyncFailure)) return error;
  const { exitCode } = error;
  const meaning = (exitCode !== undefined && MEANINGS[exitCode]) || 'rsync failed';
  const line = tellingLine(error);
  const said = line === undefined ? '' : ` It said: ${line}`;
  const message = `'${destination}': ${meaning} (${exitText(exitCode)}).${said}`;
  return new StaticFilesError('target', message, { cause: error });
}

function exitText(exitCode: number | undefined): string {
  return exitCode === undefined ? 'it was killed' : `exit code ${exitCode}`;
}

/** Lines that only tell the exit code again, or that the other side is gone: why, it said before. */
const SUMMARIES =
  /^(rsync (error|warning): |\(see the rsync man)|connection unexpectedly closed|failed to write .*Broken pipe/;

function tellingLine({ stderr }: RsyncFailure): string | undefined {
  const lines = stderr.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '' && !SUMMARIES.test(line)).at(-1);
}

/** Whether an error that was {@link explained} tells that the folder to be read is not there. */
export function isFolderMissing(error: unknown): boolean {
  return (
    error instanceof StaticFilesError &&
    error.cause instanceof RsyncFailure &&
    /change_dir.* failed: No such file or directory \(2\)/.test(error.cause.stderr)
  );
}
