import { StaticFilesError } from '../../errors.js';
import { isPublishable } from '../../paths.js';
import { INDEX_NAME, indexBytes, type KnownObject, parseIndex } from './index-object.js';
import type { KnownHeaders } from './known-headers.js';
import { ConditionFailed, type ListedObject, type ObjectHeaders, type ObjectStore } from './object-store.js';

/** The objects of one prefix of a store. */
export interface Place {
  readonly store: ObjectStore;
  /** `''`, or ends in `/`. */
  readonly prefix: string;
  /** As a person would write it: `s3://my-bucket/static/`. */
  readonly name: string;
  /** Whether what is there is told by an index object. */
  readonly indexed: boolean;
}

/** What is in a place, and the index object that tells it to later runs. */
export interface Account {
  /** By public path. */
  readonly objects: ReadonlyMap<string, KnownObject>;
  /** Notes what has been written, or, with `undefined`, removed. */
  note(publicPath: string, object: KnownObject | undefined): void;
  /** Says that objects are about to change: from then on a run that dies is known to have died. Does so once. */
  open(signal: AbortSignal): Promise<void>;
  /** Tells later runs what is there now, should this one die. Does nothing where that is told already. */
  save(signal: AbortSignal): Promise<void>;
  /** Says that all is done. Does nothing where nothing was begun, unless the index was lacking. */
  close(signal: AbortSignal): Promise<void>;
}

/**
 * Finds out what is there: from the index object, or, where there is none to be trusted, from a listing.
 *
 * @param afresh asks the service in any case
 */
export async function openAccount(
  place: Place,
  { afresh, headers, signal }: { afresh: boolean; headers: KnownHeaders; signal: AbortSignal },
): Promise<Account> {
  const key = place.prefix + INDEX_NAME;
  const found = await place.store.read(key, signal);
  const index = found && parseIndex(found.bytes);
  const own = index?.place === place.name ? index : undefined;
  const recorded = withKnownHeaders(own?.objects ?? new Map(), headers);
  const trusted = own !== undefined && !own.open && !afresh && place.indexed;
  const objects = trusted ? recorded : await listed(place, recorded, headers, signal);
  return account(place, objects, { version: found?.version, isLacking: own === undefined });
}

function withKnownHeaders(
  objects: ReadonlyMap<string, KnownObject>,
  known: KnownHeaders,
): Map<string, KnownObject> {
  return new Map(
    Array.from(objects, ([publicPath, object]) => [
      publicPath,
      object.headers ? { ...object, headers: known(object.headers) } : object,
    ]),
  );
}

/** What a listing says, and the index where the object is still the one that it knows. */
async function listed(
  { store, prefix }: Place,
  recorded: ReadonlyMap<string, KnownObject>,
  known: KnownHeaders,
  signal: AbortSignal,
): Promise<Map<string, KnownObject>> {
  const objects = new Map<string, KnownObject>();
  for await (const page of store.list(prefix, signal)) {
    for (const object of page) {
      const publicPath = object.key.slice(prefix.length);
      if (publicPath === INDEX_NAME || !isPublishable(publicPath)) continue;
      objects.set(publicPath, knownOf(object, recorded.get(publicPath), known));
    }
  }
  return objects;
}

function knownOf(
  { size, version, md5, headers }: ListedObject,
  recorded: KnownObject | undefined,
  known: KnownHeaders,
): KnownObject {
  const told = headers && { headers: known(headers) };
  if (recorded?.version === version) return { ...recorded, ...told };
  // An MD5 that is equal proves equal bytes; one that is not proves nothing, and the file is sent.
  return { size, version, ...(md5 && { hash: md5, hashAlgorithm: 'md5' }), ...told };
}

/** How the index is served, to whom it may be. */
const HEADERS: ObjectHeaders = { contentType: 'application/json', cacheControl: 'no-store', metadata: {} };

/** What stood where the index is to be. */
interface FoundIndex {
  /** Of the object there, whatever it is. */
  readonly version: string | undefined;
  /** Whether it was no index of this place. */
  readonly isLacking: boolean;
}

function account(
  { store, prefix, name, indexed }: Place,
  objects: Map<string, KnownObject>,
  found: FoundIndex,
): Account {
  const key = prefix + INDEX_NAME;
  let { version } = found;
  let begun = false;
  let noted = false;

  async function write(open: boolean, signal: AbortSignal): Promise<void> {
    const bytes = indexBytes({ place: name, open, objects });
    const body = {
      size: bytes.length,
      bytes: () => bytes,
      chunks: async function* () {
        yield bytes;
      },
    };
    const condition = version === undefined ? ({ absent: true } as const) : { version };
    noted = false;
    const put = () => store.put(key, body, { headers: HEADERS, condition, signal });
    ({ version } = await unlessOvertaken(name, put));
  }

  return {
    objects,
    note(publicPath, object) {
      noted = true;
      if (object) objects.set(publicPath, object);
      else objects.delete(publicPath);
    },
    async open(signal) {
      if (begun) return;
      begun = true;
      if (indexed) await write(true, signal);
      // What it says would no longer be true.
      else if (version !== undefined) await store.remove([key], signal);
    },
    async save(signal) {
      if (begun && indexed && noted) await write(true, signal);
    },
    async close(signal) {
      if (indexed && (begun || found.isLacking)) await write(false, signal);
      begun = false;
    },
  };
}

/** Has a condition that does not hold mean what it does: somebody else writes here. */
export async function unlessOvertaken<T>(place: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    if (!(cause instanceof ConditionFailed)) throw cause;
    throw new StaticFilesError(
      'overtaken',
      `Another run has written to '${place}' meanwhile. What is live there is whole. Run again when it has finished.`,
      { cause },
    );
  }
}
