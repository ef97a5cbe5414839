import { INTEGRITY_ALGORITHM } from '../../content-facts.js';
import { foldersOf } from '../../paths.js';
import type { Inventory, StoredFile } from '../storage.js';
import { allDecodeTo } from './decoding.js';
import { type DigestOptions, digestsOf } from './digests.js';
import type { HostFile, KnownHost } from './known-host.js';

export interface HostsInventoryOptions extends DigestOptions {
  /** Tell only what the hosts themselves have told: the accounts are not to be trusted. */
  readonly afresh: boolean;
}

/** What is at all hosts. A file has a hash only if every host has it with that hash. */
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
      const left = new Set(hosts.flatMap(({ unfinished }) => [...unfinished.keys()]));
      for (const publicPath of left) yield [publicPath, { kind: 'file', size: 0 }];
    },
    digest: digestsOf(hosts, options),
    decodesTo: (publicPath, encoding, content) =>
      allDecodeTo(hosts, publicPath, { encoding, content }, options),
    fromIndex: hosts.every(({ accounted }) => accounted),
    hasRun: hosts.every(({ account, files }) => account !== undefined || files.size === 0),
  };
}

function lookUp({ files }: KnownHost): (publicPath: string) => HostFile | undefined {
  const folders = foldersOf(files.keys(), (publicPath) => publicPath);
  const folder: HostFile = { kind: 'directory', size: 0, immutable: false };
  return (publicPath) => files.get(publicPath) ?? (folders.has(publicPath) ? folder : undefined);
}

/** What is in the way of a file at one host is to be known, though the others have a file there. */
function joined(all: readonly (HostFile | undefined)[], afresh: boolean): StoredFile | undefined {
  const present = all.filter((file) => file !== undefined);
  const first = present.find(({ kind }) => kind !== 'file') ?? present[0];
  if (first === undefined) return undefined;
  const { kind, size, hash, md5 } = first;
  const isEverywhere = (name: 'hash' | 'md5') =>
    all.every((file) => file?.[name] === first[name] && file?.size === size);
  if (hash !== undefined && !afresh && isEverywhere('hash')) return { kind, size, hash };
  if (md5 !== undefined && isEverywhere('md5')) return { kind, size, hash: md5, hashAlgorithm: 'md5' };
  return { kind, size };
}
