import { isInOneOf, isPublishable, posixDirname } from '../../model/public-path.js';
import { HEAD_NAME, INDEX_NAME } from '../destination.js';
import type { KnownHeaders } from './headers.js';
import { type KnownObject, parseIndex } from './index-file.js';
import type { ObjectDestination } from './object-destination.js';
import type { ListedObject } from './object-store.js';

/** The objects at a destination. */
export interface Contents {
  /** By public path. */
  readonly objects: Map<string, KnownObject>;
  /** Whether it comes from a listing of the service, and not from the index. */
  readonly isListed: boolean;
  /** Whether there are objects that `objects` leaves out, because no run from here has published them. */
  readonly hasOthers: boolean;
  /** Whether objects that the index knows are missing from the listing, or have another version there. */
  readonly isChanged: boolean;
  /** Whether the run keeps no index, but finds one that it cannot use, such as one of an old format. */
  readonly isSuspect: boolean;
  /** The version of the index object, whether it is right or not. `undefined` if there is no index. */
  readonly indexVersion: string | undefined;
  /** When the head was last written, by the service's clock, if a listing says so. Milliseconds since 1970. */
  readonly headModified?: number;
  /** Whether a public path belongs to another destination further down, which has a head or index of its own. */
  isElsewhere(publicPath: string): boolean;
}

export interface ReadContentsOptions {
  /** The version of the index that can be trusted; `null` if none can. */
  readonly trusted: string | null;
  /** Whether objects of others must be included. */
  readonly complete: boolean;
  /** Whether only one run at a time can have written the index. Otherwise, it may be older than the objects. */
  readonly conditional: boolean;
  readonly known: KnownHeaders;
  readonly signal: AbortSignal;
}

/** Finds out what is at a destination: by the index if it can be trusted, otherwise by a listing. */
export async function readContents(
  destination: ObjectDestination,
  options: ReadContentsOptions,
): Promise<Contents> {
  const { trusted, complete, conditional, known, signal } = options;
  const { store, prefix, indexed } = destination;
  const found = indexed ? await store.read(prefix + INDEX_NAME, signal) : undefined;
  const indexVersion = found?.version;
  const isRight = indexVersion !== undefined && indexVersion === trusted;
  // The headers in an index that arrived late may be out of date: on some services, new headers keep the version.
  const index = found && parseIndex(found.bytes, isRight || conditional ? known : () => undefined);
  const own = index?.place === destination.name ? index : undefined;
  const recorded = own?.objects ?? new Map<string, KnownObject>();
  if (isRight && own && !(complete && own.others))
    return {
      objects: new Map(recorded),
      isListed: false,
      hasOthers: own.others,
      isChanged: false,
      isSuspect: false,
      indexVersion,
      isElsewhere: () => false,
    };
  const listing = await list(destination, recorded, options);
  return {
    ...listing,
    isListed: true,
    hasOthers: false,
    isSuspect: !indexed && listing.indexVersion !== undefined && (await isSuspectIndex(destination, signal)),
    indexVersion: indexVersion ?? listing.indexVersion,
  };
}

/** Whether the index of an earlier run cannot be used, although this run keeps none. */
async function isSuspectIndex(
  { store, prefix, name }: ObjectDestination,
  signal: AbortSignal,
): Promise<boolean> {
  const found = await store.read(prefix + INDEX_NAME, signal);
  return found !== undefined && parseIndex(found.bytes)?.place !== name;
}

/** Lists the objects, with what the index knows of those that still have the version it recorded. */
async function list(
  { store, prefix }: ObjectDestination,
  recorded: ReadonlyMap<string, KnownObject>,
  { known, signal }: ReadContentsOptions,
): Promise<Omit<Contents, 'isListed' | 'hasOthers' | 'isSuspect'>> {
  const objects = new Map<string, KnownObject>();
  const elsewhere = new Set<string>();
  let same = 0;
  let indexVersion: string | undefined;
  let headModified: number | undefined;
  for await (const page of store.list(prefix, signal)) {
    for (const object of page) {
      const publicPath = object.key.slice(prefix.length);
      if (publicPath === HEAD_NAME) headModified = object.modified;
      else if (publicPath === INDEX_NAME) indexVersion = object.version;
      else if (isInternal(publicPath)) elsewhere.add(posixDirname(publicPath));
      else if (isPublishable(publicPath)) {
        const there = knownOf(object, recorded.get(publicPath), known);
        objects.set(publicPath, there);
        if (!there.foreign) same += 1;
      }
    }
  }
  return {
    objects,
    isChanged: same < recorded.size,
    indexVersion,
    ...(headModified !== undefined && { headModified }),
    isElsewhere: (publicPath) => elsewhere.size > 0 && isInOneOf(publicPath, elsewhere),
  };
}

/** Whether a path is that of a head or an index, of this destination or of one further down. */
export function isInternal(publicPath: string): boolean {
  const name = publicPath.slice(publicPath.lastIndexOf('/') + 1);
  return name === HEAD_NAME || name === INDEX_NAME;
}

function knownOf(
  { size, version, md5, headers }: ListedObject,
  recorded: KnownObject | undefined,
  known: KnownHeaders,
): KnownObject {
  const listed = headers && { headers: known(headers) };
  if (recorded?.version !== undefined && recorded.version === version) return { ...recorded, ...listed };
  return {
    size,
    ...(version !== undefined && { version }),
    // An equal MD5 proves equal bytes. A different one proves nothing, so the file is sent.
    ...(md5 && { hash: md5, hashAlgorithm: 'md5' }),
    ...listed,
    foreign: true,
  };
}
