import fs from 'node:fs';
import path from 'node:path';
import { goProgram } from './install.js';
import { freePort, type ServerProcess, startServer } from './process.js';

/** Keys of the test servers only, which accept no connection from elsewhere. */
export const S3_KEYS = { accessKeyId: 'staticfiles-tests', secretAccessKey: 'a-secret-that-is-never-shown' };
export const S3_REGION = 'eu-central-1';

export const VERSITYGW_VERSION = '1.8.0';

/**
 * https://github.com/versity/versitygw: objects are files below a folder.
 *
 * @param more arguments: `['--access-log', file]`
 */
export async function startVersitygw(folder: string, more: readonly string[] = []): Promise<ServerProcess> {
  const command = goProgram('github.com/versity/versitygw/cmd/versitygw', `v${VERSITYGW_VERSION}`);
  const port = await freePort();
  const data = path.join(folder, 'data');
  fs.mkdirSync(data, { recursive: true });
  const argv = [
    ['--port', `127.0.0.1:${port}`, '--region', S3_REGION, '--keep-alive'],
    ['--access', S3_KEYS.accessKeyId, '--secret', S3_KEYS.secretAccessKey],
    more,
    ['posix', '--sidecar', sidecar(folder), data],
  ].flat();
  return startServer({ name: 'versitygw', command, argv, port, folder });
}

/** The folder for the metadata of objects, since the file system may have no extended attributes. */
function sidecar(folder: string): string {
  const made = path.join(folder, 'attributes');
  fs.mkdirSync(made, { recursive: true });
  return made;
}
