import { createHash } from 'node:crypto';
import { INTEGRITY_ALGORITHM } from '../../content-facts.js';
import { belowDestination } from '../below-destination.js';
import type { Inventory, Storage, StoredFile } from '../storage.js';
import { type Account, openAccount, type Place } from './account.js';
import { type HeaderRules, headerRules } from './header-rules.js';
import type { KnownObject } from './index-object.js';
import { noteLeftBehind } from './left-behind.js';
import type { ObjectStore } from './object-store.js';
import { checkedOptions, type ObjectStorageOptions } from './options.js';
import { removeObjects } from './remove-objects.js';
import { forgetHeaders, writeObjects } from './write-objects.js';

export type { ObjectStorageOptions } from './options.js';

const DEFAULT_CONCURRENCY = 8;

/**
 * Makes a storage of a service that stores objects by key.
 *
 * @param options those that all such storages share; what else there is, the store has taken
 * @throws StaticFilesError `settings` for options that make no sense
 * @example
 * export default (options) => objectStorage({ name: 'my-service', place: 'https://…', list, read, put, remove }, options);
 */
export async function objectStorage(
  store: ObjectStore,
  options: ObjectStorageOptions = {},
): Promise<Storage> {
  const { prefix, publicUrl, encoding, index, concurrency, ...headers } = checkedOptions(options, store.name);
  const rules = await headerRules(headers, `The storage '${store.name}'`);
  const name = `${store.place}/${prefix}`;
  const lanes = concurrency ?? store.concurrency ?? DEFAULT_CONCURRENCY;
  let place: Place = { store, prefix, name, indexed: index };
  let account: Account | undefined;

  async function inventory(signal: AbortSignal, { afresh = false, index: indexed = index } = {}) {
    place = { ...place, indexed };
    account = await openAccount(place, { afresh, headers: rules.known, signal });
    return inventoryOf(place, account, rules);
  }
  async function accountNow(signal: AbortSignal): Promise<Account> {
    if (account === undefined) await inventory(signal);
    return account!;
  }

  return belowDestination({
    name: store.name,
    place: name,
    storesInline: encoding === 'inline',
    ...(publicUrl !== undefined && { publicUrl }),
    inventory,
    async write(files, writing) {
      if (files.length === 0) return;
      const into = await accountNow(writing.signal);
      const forgotten = forgetHeaders(files, into);
      await into.open(writing.signal);
      if (forgotten) await into.save(writing.signal);
      await writeObjects(files, { place, account: into, rules, lanes }, writing);
    },
    async remove(publicPaths, removing) {
      if (publicPaths.length === 0) return;
      const from = await accountNow(removing.signal);
      await from.open(removing.signal);
      await from.save(removing.signal);
      await removeObjects(publicPaths, { place, account: from, lanes }, removing);
    },
    async readText(publicPath) {
      const found = await store.read(prefix + publicPath, NEVER);
      return found && Buffer.from(found.bytes).toString();
    },
    async finalize(_, signal, published) {
      if (account && published) noteLeftBehind(account, published, Date.now());
      await account?.close(signal);
    },
  });
}

const NEVER = new AbortController().signal;

function inventoryOf({ store, prefix, indexed }: Place, { objects }: Account, rules: HeaderRules): Inventory {
  return {
    proof: { kind: 'hash', algorithm: INTEGRITY_ALGORITHM },
    get(publicPath) {
      const object = objects.get(publicPath);
      return object && storedFile(object);
    },
    *entries() {
      for (const [publicPath, object] of objects) yield [publicPath, storedFile(object)] as const;
    },
    *leftBehind() {
      for (const [publicPath, { leftSince }] of objects) if (leftSince) yield [publicPath, leftSince];
    },
    hasHeaders(output) {
      const { headers } = objects.get(output.publicPath) ?? {};
      // Without an index they would be sent again at every run.
      return headers === undefined ? !indexed : headers === rules.headersOf(output);
    },
    async digest(publicPath, algorithm) {
      const found = await store.read(prefix + publicPath, NEVER);
      // What somebody has deleted meanwhile is like nothing that was published.
      return found ? createHash(algorithm).update(found.bytes).digest('hex') : '';
    },
  };
}

function storedFile({ size, hash, hashAlgorithm }: KnownObject): StoredFile {
  return { kind: 'file', size, ...(hash !== undefined && { hash, hashAlgorithm: hashAlgorithm! }) };
}
