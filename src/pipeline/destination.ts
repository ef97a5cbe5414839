import { createHash } from 'node:crypto';
import path from 'node:path';
import { RECORDS } from '../cache/cache-folder.js';
import { openRecord, type PublishRecord } from '../cache/record.js';
import { StaticFilesError } from '../errors.js';
import { runPlugin } from '../plugins/plugin.js';
import type { Settings } from '../settings/settings.js';
import { describeDestination } from '../storages/destination.js';
import type { Inventory, InventoryOptions, Storage } from '../storages/storage.js';
import type { RunOptions } from './options.js';

/** A run that may overwrite files. */
interface Confirmed {
  readonly settings: Pick<Settings, 'storage'>;
  readonly options: Pick<RunOptions, 'dryRun' | 'confirm' | 'clear'>;
  readonly signal: AbortSignal;
}

/**
 * Asks before a destination that is not empty is overwritten. A remote destination counts as not empty.
 *
 * @throws StaticFilesError `cancelled` if the answer is no
 */
export async function confirmOverwrite({ settings, options, signal }: Confirmed): Promise<void> {
  if (options.dryRun || options.confirm === undefined) return;
  const { storage } = settings;
  const { clear = false } = options;
  const files = storage.folder === undefined ? undefined : await countFiles(storage, Boolean(clear), signal);
  if (files === 0) return;
  const amount = clear && files !== undefined && { files };
  const confirmed = await options.confirm({ clear, ...amount, ...describeDestination(storage) });
  if (!confirmed) throw new StaticFilesError('cancelled', 'Collecting static files cancelled.');
}

/**
 * Counts the files in a storage, without the storage's own.
 *
 * @param all `false` stops at the first file
 * @returns `undefined` if the storage cannot be listed: it may hold files
 */
async function countFiles(storage: Storage, all: boolean, signal: AbortSignal): Promise<number | undefined> {
  try {
    let files = 0;
    for (const [, { kind }] of (await inventoryOf(storage, signal)).entries()) {
      if (kind !== 'directory') files += 1;
      if (files > 0 && !all) break;
    }
    return files;
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}

/** Opens the record of the destination. With `checksum` it trusts nothing that earlier runs recorded. */
export function openRecordOf(settings: Settings, { checksum }: Pick<RunOptions, 'checksum'>): PublishRecord {
  return openRecord(path.join(settings.cacheDir, RECORDS, `${destinationKey(settings)}.bin`), !checksum);
}

/** A name for the destination that is safe in file names, and that no other destination has. */
export function destinationKey({ storage }: Pick<Settings, 'storage'>): string {
  return createHash('sha256')
    .update(`${storage.name}\0${storage.folder ?? storage.displayUrl}`)
    .digest('hex')
    .slice(0, 16);
}

/** The id of the run that last published to a storage; `undefined` if the storage does not keep it. */
export function lastRunOf(storage: Storage, signal: AbortSignal): Promise<string | undefined> {
  return callStorage(storage, signal, () => storage.lastRun?.());
}

/** What is in a storage now. */
export function inventoryOf(
  storage: Storage,
  signal: AbortSignal,
  options?: InventoryOptions,
): Promise<Inventory> {
  return callStorage(storage, signal, () => storage.inventory(signal, options));
}

/**
 * Calls a method of a storage.
 *
 * @throws StaticFilesError `plugin`, with the storage's name, for what the storage throws raw
 */
export function callStorage<T>(
  storage: Storage,
  signal: AbortSignal,
  call: () => T | Promise<T>,
): Promise<T> {
  return runPlugin(`storage '${storage.name}'`, call, signal);
}
