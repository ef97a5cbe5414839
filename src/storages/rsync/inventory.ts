import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { foldersOf } from '../../paths.js';
import type { Inventory, StoredFile } from '../storage.js';
import { onAllHosts } from './all-hosts.js';
import type { HostFile, KnownHost } from './known-host.js';
import { inTemporaryFolder } from './temporary-folder.js';

export interface HostsInventoryOptions {
  /** Where temporary folders are made. */
  readonly cacheDir: string;
  /** Tell no hash: the accounts are not to be trusted. */
  readonly afresh: boolean;
  readonly signal: AbortSignal;
}

/** What stands at all hosts. A file has a hash only where every host has it with that hash. */
export function hostsInventory(hosts: readonly KnownHost[], options: HostsInventoryOptions): Inventory {
  const lookUps = hosts.map(lookUp);
  const get = (publicPath: string) =>
    joined(
      lookUps.map((at) => at(publicPath)),
      options.afresh,
    );
  return {
    proof: { kind: 'hash', algorithm: 'sha384' },
    get,
    *entries() {
      const paths = new Set(hosts.flatMap(({ files }) => [...files.keys()]));
      for (const publicPath of [...paths].sort()) yield [publicPath, get(publicPath)!];
    },
    digest: (publicPath, algorithm) => digestOf(hosts, publicPath, algorithm, options),
  };
}

function lookUp({ files }: KnownHost): (publicPath: string) => HostFile | undefined {
  const folders = foldersOf(files.keys(), (publicPath) => publicPath);
  const folder: HostFile = { kind: 'directory', size: 0, immutable: false };
  return (publicPath) => files.get(publicPath) ?? (folders.has(publicPath) ? folder : undefined);
}

/** What is in the way of a file at one host is to be known, though the others have a file there. */
function joined(all: readonly (HostFile | undefined)[], hideHash: boolean): StoredFile | undefined {
  const present = all.filter((file) => file !== undefined);
  const first = present.find(({ kind }) => kind !== 'file') ?? present[0];
  if (first === undefined) return undefined;
  const { kind, size, hash } = first;
  const everywhere = all.every((file) => file?.hash === hash && file?.size === size);
  return { kind, size, ...(hash !== undefined && everywhere && !hideHash && { hash }) };
}

/** Where hosts have different bytes, it is a digest that no file has. */
async function digestOf(
  hosts: readonly KnownHost[],
  publicPath: string,
  algorithm: string,
  { cacheDir, signal }: HostsInventoryOptions,
): Promise<string> {
  const having = hosts.filter(({ files }) => files.has(publicPath));
  const digests = await onAllHosts(having, signal, ({ host }, either) =>
    inTemporaryFolder(cacheDir, async (folder) => {
      await host.pull([publicPath], folder, either);
      const hashing = createHash(algorithm);
      for await (const chunk of fs.createReadStream(path.join(folder, publicPath))) hashing.update(chunk);
      return hashing.digest('hex');
    }),
  );
  return new Set(digests).size === 1 ? digests[0]! : '';
}
