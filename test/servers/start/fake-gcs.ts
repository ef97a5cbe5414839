import { goProgram } from './install.js';
import { freePort, type ServerProcess, startServer } from './process.js';

export const FAKE_GCS_VERSION = '1.56.1';

/** An emulator of Google Cloud Storage that checks no credentials: https://github.com/fsouza/fake-gcs-server. */
export async function startFakeGcs(folder: string): Promise<ServerProcess> {
  const command = goProgram('github.com/fsouza/fake-gcs-server', `v${FAKE_GCS_VERSION}`);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const argv = [
    ['-scheme', 'http', '-host', '127.0.0.1', '-port', `${port}`],
    ['-external-url', url, '-public-host', `127.0.0.1:${port}`, '-backend', 'memory'],
  ].flat();
  return startServer({ name: 'fake-gcs-server', command, argv, port, folder });
}
