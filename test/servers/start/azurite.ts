import { npmProgram } from './install.js';
import { freePort, type ServerProcess, startServer } from './process.js';

/** The default account and key of azurite: https://github.com/Azure/Azurite#default-storage-account */
export const AZURE_ACCOUNT = 'devstoreaccount1';
export const AZURE_KEY =
  'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

export const AZURITE_VERSION = '3.35.0';

/** The emulator of Azure's storage: https://github.com/Azure/Azurite. */
export async function startAzurite(folder: string): Promise<ServerProcess> {
  const entry = npmProgram('azurite', AZURITE_VERSION, 'dist/src/blob/main.js');
  const port = await freePort();
  const argv = [entry, '--blobHost', '127.0.0.1', '--blobPort', `${port}`];
  const options = ['--skipApiVersionCheck', '--inMemoryPersistence', '--disableTelemetry', '--silent'];
  return startServer({
    name: 'azurite',
    command: process.execPath,
    argv: [...argv, ...options],
    port,
    folder,
  });
}
