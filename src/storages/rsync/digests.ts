import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { onAllHosts } from './all-hosts.js';
import type { KnownHost } from './known-host.js';
import { inTemporaryFolder } from './temporary-folder.js';

export interface DigestOptions {
  /** Where temporary folders are made. */
  readonly cacheDir: string;
  readonly signal: AbortSignal;
}

/** Who asks for one file mostly asks for the next ones too, and each run of rsync takes its time. */
const AHEAD_FILES = 1000;
const AHEAD_BYTES = 4 * 1024 * 1024;

/**
 * Hashes of files of which no account tells one, made of the bytes that are fetched from all hosts. Where hosts have
 * different bytes it is an empty text, which is no file's hash.
 */
export function digestsOf(
  hosts: readonly KnownHost[],
  options: DigestOptions,
): (publicPath: string, algorithm: string) => Promise<string> {
  const known = new Map<string, string>();
  return async (publicPath, algorithm) => {
    const key = (each: string) => `${algorithm}:${each}`;
    if (!known.has(key(publicPath))) {
      const paths = withNext(publicPath, hosts).filter((each) => !known.has(key(each)));
      const digests = await onAllHosts(hosts, options.signal, (host, signal) =>
        fetchDigests(host, paths, algorithm, { ...options, signal }),
      );
      for (const each of paths) known.set(key(each), theOnly(digests.map((at) => at.get(each))));
    }
    return known.get(key(publicPath))!;
  };
}

/** A path, and those after it whose hash is unknown too, within limits. */
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

/** Of the files that a host has. */
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

/** The hash of a file's bytes, hexadecimal. Throws raw system errors. */
export async function digestOf(file: string, algorithm: string): Promise<string> {
  const hashing = createHash(algorithm);
  for await (const chunk of fs.createReadStream(file)) hashing.update(chunk);
  return hashing.digest('hex');
}

function theOnly(digests: readonly (string | undefined)[]): string {
  const present = new Set(digests.filter((digest) => digest !== undefined));
  return present.size === 1 ? [...present][0]! : '';
}
