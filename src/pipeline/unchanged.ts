import { createHash } from 'node:crypto';
import { OF_NO_FILE, type PublishedFile, type PublishRecord, type RecordedFile } from '../cache/record.js';
import { readStamp, sameStamp } from '../files/stamp.js';
import { readBody } from '../model/body.js';
import { integrityHash } from '../model/content.js';
import { encodingOf } from '../model/content-encoding.js';
import { type Body, INTEGRITY_ALGORITHM, type Output, storedFacts } from '../model/output.js';
import { posixDirname } from '../model/public-path.js';
import type { Inventory, StoredFile, Written } from '../storages/storage.js';

/** Whether a stored file already has an output's bytes. */
export type UnchangedProof = (output: Output, stored: StoredFile) => boolean;

/**
 * The proof that a published file is unchanged: by the hash that the storage knows; or by the record of an earlier run,
 * else by comparing bytes. The file's own time is never compared with the source's.
 *
 * @param outputs all that the run publishes to this storage
 * @param record gets what comparing proves, for the next run; without one, only the storage is asked
 */
export function unchangedProof(
  inventory: Inventory,
  outputs: readonly Output[],
  record?: PublishRecord,
): UnchangedProof {
  return noteFollowsManifest(proofOf(inventory, record), outputs, inventory);
}

function proofOf(inventory: Inventory, record: PublishRecord | undefined): UnchangedProof {
  const { proof } = inventory;
  if (proof.kind === 'hash') return provedByHash(proof.algorithm);
  return record ? provedByRecord(record, provedByBytes(inventory)) : provedByBytes(inventory);
}

/** Bytes in another encoding are another file. */
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

function provedByBytes(inventory: Inventory): UnchangedProof {
  return ({ publicPath, body }) => inventory.hasBytes?.(publicPath, body) ?? false;
}

function provedByRecord(record: PublishRecord, hasBytes: UnchangedProof): UnchangedProof {
  return (output, stored) => {
    const { publicPath, body } = output;
    const facts = storedFacts(output);
    if (body.kind === 'bytes' && facts === undefined) return hasBytes(output, stored);
    const now = { ...originOf(body), hash: facts?.hash ?? '' };
    const recorded = record.get(publicPath);
    if (recorded && isOf(recorded, now) && isAsPublished(stored, recorded)) {
      record.keep(publicPath);
      return true;
    }
    const same = hasBytes(output, stored);
    if (same) {
      const known = { ...now, size: stored.size, targetMtimeMs: stored.mtimeMs ?? 0 };
      record.set(publicPath, known, body.kind === 'bytes');
    }
    return same;
  };
}

function originOf(body: Body): Pick<RecordedFile, 'sourcePath' | 'source'> {
  if (body.kind === 'bytes') return OF_NO_FILE;
  const sourcePath = sourceOf(body);
  return { sourcePath, source: body.stamp ?? readStamp(sourcePath) };
}

function sourceOf(body: Exclude<Body, { readonly bytes: unknown }>): string {
  return body.kind === 'file' ? body.file : body.rewritten;
}

function isOf(recorded: RecordedFile, now: Pick<RecordedFile, 'sourcePath' | 'source' | 'hash'>): boolean {
  return (
    recorded.sourcePath === now.sourcePath &&
    recorded.hash === now.hash &&
    sameStamp(recorded.source, now.source)
  );
}

/** Storages set times through a double of seconds, which may cost some 0.5 µs. */
const TIME_TOLERANCE_MS = 0.002;

/** Whether a stored file has the size and time that it had when it was published. */
export function isAsPublished(stored: StoredFile, recorded: PublishedFile): boolean {
  return (
    stored.size === recorded.size &&
    stored.mtimeMs !== undefined &&
    Math.abs(stored.mtimeMs - recorded.targetMtimeMs) < TIME_TOLERANCE_MS
  );
}

/** Records a file that was written, by which the next run proves that it is unchanged. A copy has its source's time. */
export function recordWritten(
  record: PublishRecord,
  { publicPath, source, mtimeMs }: Written,
  output: Output,
): void {
  const { body } = output;
  const stored = storedFacts(output);
  const hash = stored?.hash ?? '';
  if (body.kind === 'bytes') {
    if (stored === undefined || mtimeMs === undefined) return;
    record.set(publicPath, { ...OF_NO_FILE, hash, size: stored.size, targetMtimeMs: mtimeMs }, true);
  } else if (source !== undefined) {
    const target = { size: stored?.size ?? source.size, targetMtimeMs: mtimeMs ?? source.mtimeMs };
    record.set(publicPath, { sourcePath: sourceOf(body), source, hash, ...target });
  }
}

/**
 * The note of a release counts as unchanged if its manifest is: it says when the manifest was last written. So publishing
 * the same twice changes nothing, whatever time it is.
 */
function noteFollowsManifest(
  isUnchanged: UnchangedProof,
  outputs: readonly Output[],
  inventory: Inventory,
): UnchangedProof {
  const isPublished = (output: Output) => {
    const stored = inventory.get(output.publicPath);
    return stored?.kind === 'file' && isUnchanged(output, stored);
  };
  return (output, stored) => {
    if (output.role !== 'release-note') return isUnchanged(output, stored);
    const folder = posixDirname(output.publicPath);
    return outputs
      .filter(({ role, publicPath }) => role === 'manifest' && posixDirname(publicPath) === folder)
      .every(isPublished);
  };
}
