import { createHash } from 'node:crypto';
import { readBody } from './body.js';
import { encodingOf } from './content-codings.js';
import { INTEGRITY_ALGORITHM, integrityHash } from './content-facts.js';
import { readStamp, sameStamp } from './file-stamp.js';
import { type Body, type Output, storedFacts } from './output.js';
import { OF_NO_FILE, type PublishRecord, type RecordedFile } from './record.js';
import type { Inventory, StoredFile } from './storages/storage.js';

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
    if ('bytes' in body && facts === undefined) return hasBytes();
    const now = { ...originOf(body), hash: facts?.hash ?? '' };
    const recorded = record.get(publicPath);
    if (recorded && isOf(recorded, now) && isAsPublished(stored, recorded)) {
      record.keep(publicPath);
      return true;
    }
    const same = hasBytes();
    if (same) {
      const known = { ...now, size: stored.size, targetMtimeMs: stored.mtimeMs ?? 0 };
      record.set(publicPath, known, 'bytes' in body);
    }
    return same;
  };
}

function originOf(body: Body): Pick<RecordedFile, 'sourcePath' | 'source'> {
  if ('bytes' in body) return OF_NO_FILE;
  const sourcePath = 'file' in body ? body.file : body.rewritten;
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
