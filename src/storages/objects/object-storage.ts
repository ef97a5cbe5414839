import { createHash } from 'node:crypto';
import { IDENTITY } from '../../model/content-encoding.js';
import { decodesTo } from '../../model/decode.js';
import { INTEGRITY_ALGORITHM } from '../../model/output.js';
import { belowDestination } from '../destination.js';
import type { Inventory, Storage, StoredFile } from '../storage.js';
import { type Clock, systemClock } from './clock.js';
import { type HeaderRules, headerRules } from './headers.js';
import type { KnownObject } from './index-file.js';
import type { Look } from './look.js';
import type { ObjectStore } from './object-store.js';
import { checkedOptions, type ObjectStorageOptions } from './options.js';
import { createPublisher } from './publisher.js';
import { refuseInQuietTime } from './quiet-time.js';
import { refuseInternalNames, removeObjects, writeObjects } from './write-objects.js';

export type { ObjectStorageOptions } from './options.js';

const DEFAULT_CONCURRENCY = 8;

/**
 * Returns a storage that publishes to a service which stores objects by key.
 *
 * @param store the calls to the service
 * @param options shared by all services: `prefix`, `publicUrl`, `headers`, … Take those of the service out before
 * @throws StaticFilesError `settings` for invalid options
 * @example
 * const storage = await objectStorage(store, { prefix: 'static', maxAge: 3600 }); // store: an ObjectStore
 */
export async function objectStorage(
  store: ObjectStore,
  options: ObjectStorageOptions = {},
): Promise<Storage> {
  return objectStorageBy(systemClock, store, options);
}

/** Like {@link objectStorage}, with a clock of the caller's. */
export async function objectStorageBy(
  clock: Clock,
  store: ObjectStore,
  options: ObjectStorageOptions = {},
): Promise<Storage> {
  const checked = checkedOptions(options, store.name);
  const { prefix, publicUrl, encoding, index: indexed, concurrency, conditional, ...headers } = checked;
  const rules = await headerRules(headers, `storage '${store.name}'`);
  const name = `${store.displayUrl}/${prefix}`;
  const limit = concurrency ?? store.concurrency ?? DEFAULT_CONCURRENCY;
  const destination = {
    store,
    prefix,
    name,
    indexed,
    conditional: conditional ?? store.conditional,
    clock,
    endedRuns: new Set<string>(),
    warn() {},
  };
  const publisher = createPublisher(destination, rules);
  return belowDestination({
    name: store.name,
    displayUrl: name,
    storesInline: encoding === 'inline',
    globs: Object.fromEntries(Object.keys(headers.headers ?? {}).map((glob) => [`headers['${glob}']`, glob])),
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
      const { quiet } = await publisher.look(removing.signal);
      refuseInQuietTime(name, quiet);
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

function inventoryOf({ destination, contents, quiet }: Look, rules: HeaderRules): Inventory {
  const { store, prefix, indexed } = destination;
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
      for (const [publicPath, { unusedSince }] of objects)
        if (unusedSince && !isElsewhere(publicPath)) yield [publicPath, unusedSince];
    },
    hasHeaders(output) {
      const { headers } = objects.get(output.publicPath) ?? {};
      // On some services, new headers bring back an earlier version, which a run that was given up may still delete.
      if (quiet?.going) return true;
      // Without an index they would be sent again at every run. This run removes an index that cannot be used.
      return headers === undefined ? !indexed && !isSuspect : headers === rules.headersOf(output);
    },
    async digest(publicPath, algorithm) {
      const found = await store.read(prefix + publicPath, NEVER);
      // A file that somebody has deleted since must match no hash.
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
