import { createHash } from 'node:crypto';
import { INTEGRITY_ALGORITHM } from '../../model/content.js';
import { IDENTITY } from '../../model/content-encoding.js';
import { decodesTo } from '../../model/decode.js';
import { belowDestination } from '../destination.js';
import type { Inventory, Storage, StoredFile } from '../storage.js';
import { type HeaderRules, headerRules } from './headers.js';
import type { KnownObject } from './index-file.js';
import type { ObjectStore } from './object-store.js';
import { checkedOptions, type ObjectStorageOptions } from './options.js';
import { type Clock, systemClock } from './place.js';
import { createPublisher, type Look, refuseInQuietTime } from './publisher.js';
import { refuseInternalNames, removeObjects, writeObjects } from './write-objects.js';

export type { ObjectStorageOptions } from './options.js';

const DEFAULT_CONCURRENCY = 8;

/**
 * Makes a storage of a service that stores objects by key.
 *
 * @param options those that all such storages share; what else there is, the store has taken
 * @throws StaticFilesError `settings` for options that make no sense
 * @example
 * export default (options) => objectStorage({ name: 'my-service', displayUrl: 'https://…', list, read, put, remove }, options);
 */
export async function objectStorage(
  store: ObjectStore,
  options: ObjectStorageOptions = {},
): Promise<Storage> {
  return objectStorageBy(systemClock, store, options);
}

/** Makes a storage whose time is told by a clock. */
export async function objectStorageBy(
  clock: Clock,
  store: ObjectStore,
  options: ObjectStorageOptions = {},
): Promise<Storage> {
  const checked = checkedOptions(options, store.name);
  const { prefix, publicUrl, encoding, index: indexed, concurrency, conditional, ...headers } = checked;
  const rules = await headerRules(headers, `The storage '${store.name}'`);
  const name = `${store.displayUrl}/${prefix}`;
  const limit = concurrency ?? store.concurrency ?? DEFAULT_CONCURRENCY;
  const place = {
    store,
    prefix,
    name,
    indexed,
    conditional: conditional ?? store.conditional,
    clock,
    warn() {},
  };
  const publisher = createPublisher(place, rules);
  return belowDestination({
    name: store.name,
    displayUrl: name,
    storesInline: encoding === 'inline',
    ...(publicUrl !== undefined && { publicUrl }),
    lock: publisher.lock,
    hasPublished: publisher.hasPublished,
    inventory: async (signal, look) => inventoryOf(await publisher.look(signal, look), rules),
    async write(files, writing) {
      refuseInternalNames(files);
      if (files.length === 0) return;
      await publisher.change(writing.signal, (publishing) =>
        writeObjects(files, publishing, { rules, limit }, writing),
      );
    },
    async remove(publicPaths, removing) {
      if (publicPaths.length === 0) return;
      refuseInQuietTime(await publisher.look(removing.signal));
      await publisher.change(removing.signal, (publishing) =>
        removeObjects(publicPaths, publishing, limit, removing),
      );
    },
    async readText(publicPath) {
      const found = await store.read(prefix + publicPath, NEVER);
      return found && Buffer.from(found.bytes).toString();
    },
    commit: ({ signal, published }) => publisher.finish(signal, published),
    close: async () => store.close?.(),
  });
}

const NEVER = new AbortController().signal;

function inventoryOf({ place, contents, quiet }: Look, rules: HeaderRules): Inventory {
  const { store, prefix, indexed } = place;
  const { objects, isElsewhere, isListed, isSuspect } = contents;
  return {
    fromIndex: !isListed,
    proof: { kind: 'hash', algorithm: INTEGRITY_ALGORITHM },
    ...(quiet && { quiet }),
    get(publicPath) {
      const object = objects.get(publicPath);
      return object && storedFile(object);
    },
    *entries() {
      for (const [publicPath, object] of objects)
        if (!isElsewhere(publicPath)) yield [publicPath, storedFile(object)] as const;
    },
    isOwn(publicPath) {
      const object = objects.get(publicPath);
      return object !== undefined && !object.foreign && !isElsewhere(publicPath);
    },
    *unusedFiles() {
      for (const [publicPath, { leftSince }] of objects)
        if (leftSince && !isElsewhere(publicPath)) yield [publicPath, leftSince];
    },
    hasHeaders(output) {
      const { headers } = objects.get(output.publicPath) ?? {};
      // On some services other headers make the version that it had before, which may still be deleted.
      if (quiet?.going) return true;
      // Without an index they would be sent again at every run; an index that is not believed goes with this one.
      return headers === undefined ? !indexed && !isSuspect : headers === rules.headersOf(output);
    },
    async digest(publicPath, algorithm) {
      const found = await store.read(prefix + publicPath, NEVER);
      // What somebody has deleted meanwhile is like nothing that was published.
      return found ? createHash(algorithm).update(found.bytes).digest('hex') : '';
    },
    async decodesTo(publicPath, encoding, content) {
      const found = await store.read(prefix + publicPath, NEVER);
      return found !== undefined && decodesTo([found.bytes], encoding, content);
    },
  };
}

function storedFile({ size, hash, hashAlgorithm, headers }: KnownObject): StoredFile {
  return {
    ...{ kind: 'file', size },
    ...(hash !== undefined && { hash, hashAlgorithm: hashAlgorithm! }),
    ...(headers && { encoding: headers.contentEncoding ?? IDENTITY }),
  };
}
