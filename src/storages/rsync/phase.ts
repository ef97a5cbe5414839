import fs from 'node:fs';
import path from 'node:path';
import { INTEGRITY_ALGORITHM, integrityHash } from '../../content-facts.js';
import { isImmutable, storedFacts } from '../../output.js';
import type { PluginContext } from '../../settings/settings.js';
import { filesystemStorage } from '../filesystem.js';
import type { WriteRequest, Written } from '../storage.js';
import { digestOf } from './digests.js';
import type { HostFile } from './known-host.js';

/** The files of a phase, as they stand in a folder of this machine. */
export interface Phase {
  readonly folder: string;
  readonly written: readonly Written[];
  /** By public path. */
  readonly files: ReadonlyMap<string, HostFile>;
}

/**
 * Writes the files of a phase to a folder, from where they are sent: copies, since a source may change while rsync reads
 * it. Links would spare them, but change the times of the sources, by which they are known again.
 *
 * @param folder absolute, and empty
 * @throws StaticFilesError `source` where a source has changed since it was looked at
 */
export async function layOut(
  requests: readonly WriteRequest[],
  folder: string,
  context: PluginContext,
  signal: AbortSignal,
): Promise<Phase> {
  const written: Written[] = [];
  const copying = filesystemStorage({ location: folder }, context);
  await copying.write(requests, { done: (each) => written.push(each), signal });
  const files = new Map<string, HostFile>();
  for (const { publicPath, output } of requests) {
    const file = path.join(folder, publicPath);
    const { integrity = '' } = storedFacts(output) ?? {};
    const hash = integrityHash(integrity) ?? (await digestOf(file, INTEGRITY_ALGORITHM));
    const { size } = fs.statSync(file);
    files.set(publicPath, { kind: 'file', size, hash, immutable: isImmutable(output) });
  }
  return { folder, written, files };
}
