import { createHash } from 'node:crypto';
import { OF_NO_FILE, type PublishRecord, type RecordedFile } from '../cache/record.js';
import { readStamp, sameStamp } from '../files/stamp.js';
import { readBody } from '../model/body.js';
import { INTEGRITY_ALGORITHM, integrityHash } from '../model/content.js';
import { encodingOf } from '../model/content-encoding.js';
import { type Body, type Output, storedFacts } from '../model/output.js';
import { posixDirname } from '../model/public-path.js';
import type { Inventory, StoredFile } from '../storages/storage.js';

/** Whether a stored file has an output's bytes already. */
export type UnchangedProof = (output: Output, stored: StoredFile) => boolean;

/** The proof that fits what the storage tells of its files. */
export function unchangedProof({ proof }: Inventory, byStat: UnchangedProof): UnchangedProof {
  return proof.kind === 'hash' ? provedByHash(proof.algorithm) : byStat;
}

/** Times go through a double of seconds when they are set, which may cost some 0.5 µs. */
const TIME_TOLERANCE_MS = 0.002;

/** Proves by what was recorded at an earlier run, else by comparing bytes; notes for the next run what it proved. */
export function provedByStat(inventory: Inventory, record: PublishRecord): UnchangedProof {
  return (output, stored) => {
    const { publicPath, body } = output;
    const hasBytes = () => inventory.hasBytes?.(publicPath, body) ?? false;
    const facts = storedFacts(output);
    if (body.kind === 'bytes' && facts === undefined) return hasBytes();
    const now = { ...originOf(body), hash: facts?.hash ?? '' };
    const recorded = record.get(publicPath);
    if (recorded && isOf(recorded, now) && isAsPublished(stored, recorded)) {
      record.keep(publicPath);
      return true;
    }
    const same = hasBytes();
    if (same) {
      const known = { ...now, size: stored.size, targetMtimeMs: stored.mtimeMs ?? 0 };
      record.set(publicPath, known, body.kind === 'bytes');
    }
    return same;
  };
}

function originOf(body: Body): Pick<RecordedFile, 'sourcePath' | 'source'> {
  if (body.kind === 'bytes') return OF_NO_FILE;
  const sourcePath = body.kind === 'file' ? body.file : body.rewritten;
  return { sourcePath, source: body.stamp ?? readStamp(sourcePath) };
}

function isOf(recorded: RecordedFile, now: Pick<RecordedFile, 'sourcePath' | 'source' | 'hash'>): boolean {
  return (
    recorded.sourcePath === now.sourcePath &&
    recorded.hash === now.hash &&
    sameStamp(recorded.source, now.source)
  );
}

/** Whether a stored file looks as it did when it was published. */
export function isAsPublished(stored: StoredFile, recorded: RecordedFile): boolean {
  return (
    stored.size === recorded.size &&
    stored.mtimeMs !== undefined &&
    Math.abs(stored.mtimeMs - recorded.targetMtimeMs) < TIME_TOLERANCE_MS
  );
}

/** Proves by comparing bytes. */
export function provedByBytes(inventory: Inventory): UnchangedProof {
  return ({ publicPath, body }) => inventory.hasBytes?.(publicPath, body) ?? false;
}

/** Proves by the hash that the storage knows of each file. In another encoding the same bytes are another file. */
function provedByHash(algorithm: string): UnchangedProof {
  return (output, { hash, hashAlgorithm = algorithm, encoding }) => {
    if (hash === undefined || (encoding !== undefined && encoding !== encodingOf(output))) return false;
    const known = hashAlgorithm === INTEGRITY_ALGORITHM && storedFacts(output);
    return hash === (known ? integrityHash(known.integrity) : hashOf(output.body, hashAlgorithm));
  };
}

function hashOf(body: Body, algorithm: string): string {
  return createHash(algorithm).update(readBody(body)).digest('hex');
}

/**
 * Has the note of a release follow its manifest: it says when that was last written, and stays where that stays. So
 * publishing the same twice changes nothing, whatever time it is.
 */
export function noteFollowsManifest(
  unchanged: UnchangedProof,
  outputs: readonly Output[],
  inventory: Inventory,
): UnchangedProof {
  const stands = (output: Output) => {
    const stored = inventory.get(output.publicPath);
    return stored?.kind === 'file' && unchanged(output, stored);
  };
  return (output, stored) => {
    if (output.role !== 'release-note') return unchanged(output, stored);
    const folder = posixDirname(output.publicPath);
    return outputs
      .filter(({ role, publicPath }) => role === 'manifest' && posixDirname(publicPath) === folder)
      .every(stands);
  };
}
