import { createHash } from 'node:crypto';
import { readBody } from './body.js';
import { type FileStamp, readStamp, sameStamp } from './file-stamp.js';
import type { Body, Output } from './output.js';
import type { PublishRecord, RecordedFile } from './record.js';
import type { Inventory, StoredFile } from './storages/storage.js';

/** Whether a stored file has an output's bytes already. */
export type UnchangedProof = (output: Output, stored: StoredFile) => boolean;

/** Times go through a double of seconds when they are set, which may cost some 0.5 µs. */
const TIME_TOLERANCE_MS = 0.002;

/** Proves by what was recorded at an earlier run, else by comparing bytes; notes for the next run what it proved. */
export function provedByStat(inventory: Inventory, record: PublishRecord): UnchangedProof {
  return (output, stored) => {
    const { publicPath, body } = output;
    if (!('file' in body)) return inventory.hasBytes?.(publicPath, body) ?? false;
    const recorded = record.get(publicPath);
    const source = readStamp(body.file);
    if (recorded && isSourceOf(recorded, body.file, source) && isTargetOf(recorded, stored)) {
      record.keep(publicPath);
      return true;
    }
    const same = inventory.hasBytes?.(publicPath, body) ?? false;
    if (same) record.set(publicPath, { sourcePath: body.file, source, targetMtimeMs: stored.mtimeMs ?? 0 });
    return same;
  };
}

function isSourceOf(recorded: RecordedFile, sourcePath: string, source: FileStamp): boolean {
  return recorded.sourcePath === sourcePath && sameStamp(recorded.source, source);
}

function isTargetOf(recorded: RecordedFile, stored: StoredFile): boolean {
  return (
    stored.size === recorded.source.size &&
    stored.mtimeMs !== undefined &&
    Math.abs(stored.mtimeMs - recorded.targetMtimeMs) < TIME_TOLERANCE_MS
  );
}

/** Proves by the hash that the storage knows of each file. */
export function provedByHash(algorithm: string): UnchangedProof {
  return (output, stored) => stored.hash !== undefined && stored.hash === hashOf(output.body, algorithm);
}

function hashOf(body: Body, algorithm: string): string {
  return createHash(algorithm).update(readBody(body)).digest('hex');
}
