import fs from 'node:fs';
import path from 'node:path';
import { type DecodedFacts, decodesTo } from '../../decoding.js';
import { onAllHosts } from './all-hosts.js';
import type { DigestOptions } from './digests.js';
import type { KnownHost } from './known-host.js';
import { inTemporaryFolder } from './temporary-folder.js';

/** An encoding, and what bytes in it are to decode to. */
interface Encoded {
  readonly encoding: string;
  readonly content: DecodedFacts;
}

/** Whether a file decodes to a content at each host that has it. */
export async function allDecodeTo(
  hosts: readonly KnownHost[],
  publicPath: string,
  encoded: Encoded,
  { cacheDir, signal }: DigestOptions,
): Promise<boolean> {
  const having = hosts.filter(({ files }) => files.has(publicPath));
  const all = await onAllHosts(having, signal, ({ host }, either) =>
    inTemporaryFolder(cacheDir, async (folder) => {
      await host.pull([publicPath], folder, either);
      return fileDecodesTo(path.join(folder, publicPath), encoded);
    }),
  );
  return all.every((each) => each);
}

async function fileDecodesTo(file: string, { encoding, content }: Encoded): Promise<boolean> {
  return fs.existsSync(file) && decodesTo(fs.createReadStream(file), encoding, content);
}
