import fs from 'node:fs';
import path from 'node:path';
import { ACCOUNT_NAME, type AccountState, accountText } from './account.js';
import type { KnownHost } from './known-host.js';
import { inTemporaryFolder } from './temporary-folder.js';

/** Writes the account of what is known of a host, at that host. */
export async function writeAccount(
  known: KnownHost,
  state: AccountState,
  { cacheDir, signal }: { readonly cacheDir: string; readonly signal: AbortSignal },
): Promise<void> {
  const files = new Map([...known.files].filter(([, { kind }]) => kind === 'file').sort(byPath));
  await inTemporaryFolder(cacheDir, async (folder) => {
    fs.writeFileSync(path.join(folder, ACCOUNT_NAME), accountText({ ...state, files }), { mode: 0o644 });
    await known.host.push(folder, [ACCOUNT_NAME], { together: false, force: false, signal });
  });
  known.account = state;
  known.accounted = !state.open;
}

function byPath([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
