import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { runAll } from '../../concurrency/run-all.js';
import { type DecodedInfo, decodesTo } from '../../model/decode.js';
import { INTEGRITY_ALGORITHM } from '../../model/output.js';
import { foldersOf } from '../../model/public-path.js';
import type { Inventory, StoredFile } from '../storage.js';
import type { HostFile, KnownHost } from './host-state.js';
import { inTemporaryFolder } from './temporary-folder.js';

export interface HostsInventoryOptions extends DigestOptions {
  /** Use what the hosts themselves have computed, and not their indexes. */
  readonly refresh: boolean;
}

/** Returns one inventory for all hosts. A file has a hash only if every host has it with that hash. */
export function hostsInventory(hosts: readonly KnownHost[], options: HostsInventoryOptions): Inventory {
  const lookUps = hosts.map(lookUp);
  const get = (publicPath: string) =>
    joined(
      lookUps.map((at) => at(publicPath)),
      options.refresh,
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
    fromIndex: hosts.every(({ indexed }) => indexed),
    hasRun: hosts.every(({ index, files }) => index !== undefined || files.size === 0),
  };
}

function lookUp({ files }: KnownHost): (publicPath: string) => HostFile | undefined {
  const folders = foldersOf(files.keys(), (publicPath) => publicPath);
  const folder: HostFile = { kind: 'directory', size: 0, immutable: false };
  return (publicPath) => files.get(publicPath) ?? (folders.has(publicPath) ? folder : undefined);
}

/** Joins the entries of all hosts for a path. A folder or link at one host counts, even if the others have a file. */
function joined(all: readonly (HostFile | undefined)[], refresh: boolean): StoredFile | undefined {
  const present = all.filter((file) => file !== undefined);
  const first = present.find(({ kind }) => kind !== 'file') ?? present[0];
  if (first === undefined) return undefined;
  const { kind, size, hash, md5 } = first;
  const isEverywhere = (name: 'hash' | 'md5') =>
    all.every((file) => file?.[name] === first[name] && file?.size === size);
  if (hash !== undefined && !refresh && isEverywhere('hash')) return { kind, size, hash };
  if (md5 !== undefined && isEverywhere('md5')) return { kind, size, hash: md5, hashAlgorithm: 'md5' };
  return { kind, size };
}

interface DigestOptions {
  /** Where temporary folders are made. */
  readonly cacheDir: string;
  readonly signal: AbortSignal;
}

/** Files are fetched ahead: callers mostly ask for one after the other, and each run of rsync takes time. */
const AHEAD_FILES = 1000;

const AHEAD_BYTES = 4 * 1024 * 1024;

/**
 * Returns a function that fetches files from all hosts and hashes them, for files without a hash in the index. If hosts
 * have different bytes, the result is an empty text, which equals no hash.
 */
function digestsOf(
  hosts: readonly KnownHost[],
  options: DigestOptions,
): (publicPath: string, algorithm: string) => Promise<string> {
  const known = new Map<string, string>();
  return async (publicPath, algorithm) => {
    const key = (each: string) => `${algorithm}:${each}`;
    if (!known.has(key(publicPath))) {
      const paths = withNext(publicPath, hosts).filter((each) => !known.has(key(each)));
      const digests = await runAll(hosts, { signal: options.signal }, (host, signal) =>
        fetchDigests(host, paths, algorithm, { ...options, signal }),
      );
      for (const each of paths) known.set(key(each), theOnly(digests.map((at) => at.get(each))));
    }
    return known.get(key(publicPath))!;
  };
}

/** Returns a path and those after it whose hash is unknown too, within limits. */
function withNext(publicPath: string, hosts: readonly KnownHost[]): readonly string[] {
  const sizes = new Map<string, number>();
  for (const { files } of hosts)
    for (const [each, { kind, size, hash }] of files)
      if (kind === 'file' && hash === undefined) sizes.set(each, size);
  const after = [...sizes.keys()].filter((each) => each > publicPath).sort();
  let bytes = sizes.get(publicPath) ?? 0;
  const next = after.slice(0, AHEAD_FILES).filter((each) => {
    bytes += sizes.get(each)!;
    return bytes <= AHEAD_BYTES;
  });
  return [publicPath, ...next];
}

/** Hashes those of the files that a host has. */
function fetchDigests(
  { host, files }: KnownHost,
  publicPaths: readonly string[],
  algorithm: string,
  { cacheDir, signal }: DigestOptions,
): Promise<ReadonlyMap<string, string>> {
  const there = publicPaths.filter((publicPath) => files.get(publicPath)?.kind === 'file');
  return inTemporaryFolder(cacheDir, async (folder) => {
    await host.pull(there, folder, signal);
    const digests = new Map<string, string>();
    for (const publicPath of there) {
      const file = path.join(folder, publicPath);
      if (fs.existsSync(file)) digests.set(publicPath, await digestOf(file, algorithm));
    }
    return digests;
  });
}

/** Returns the hexadecimal hash of a file's bytes. Throws raw system errors. */
export async function digestOf(file: string, algorithm: string): Promise<string> {
  const hashing = createHash(algorithm);
  for await (const chunk of fs.createReadStream(file)) hashing.update(chunk);
  return hashing.digest('hex');
}

function theOnly(digests: readonly (string | undefined)[]): string {
  const present = new Set(digests.filter((digest) => digest !== undefined));
  return present.size === 1 ? [...present][0]! : '';
}

/** An encoding, and the content that bytes should decode to. */
interface Encoded {
  readonly encoding: string;
  readonly content: DecodedInfo;
}

/** Whether a file decodes to the content at each host that has it. */
async function allDecodeTo(
  hosts: readonly KnownHost[],
  publicPath: string,
  encoded: Encoded,
  { cacheDir, signal }: DigestOptions,
): Promise<boolean> {
  const having = hosts.filter(({ files }) => files.has(publicPath));
  const all = await runAll(having, { signal }, ({ host }, either) =>
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
