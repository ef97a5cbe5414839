import { INTEGRITY_ALGORITHM } from '../../content-facts.js';
import { foldersOf } from '../../paths.js';
import type { Inventory, StoredFile } from '../storage.js';
import { type DigestOptions, digestsOf } from './digests.js';
import type { HostFile, KnownHost } from './known-host.js';

export interface HostsInventoryOptions extends DigestOptions {
  /** Tell no hash: the accounts are not to be trusted. */
  readonly afresh: boolean;
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
    proof: { kind: 'hash', algorithm: INTEGRITY_ALGORITHM },
    get,
    *entries() {
      const paths = new Set(hosts.flatMap(({ files }) => [...files.keys()]));
      for (const publicPath of [...paths].sort()) yield [publicPath, get(publicPath)!];
    },
    digest: digestsOf(hosts, options),
    hasRun: hosts.every(({ account, files }) => account !== undefined || files.size === 0),
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
