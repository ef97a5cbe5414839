import { isPublishable } from '../../model/public-path.js';
import { HEAD_NAME } from './head-object.js';
import type { KnownHeaders } from './headers.js';
import { INDEX_NAME, type KnownObject, parseIndex } from './index-file.js';
import type { ListedObject, ObjectHeaders } from './object-store.js';
import type { Place } from './place.js';

/** What is in a place. */
export interface Contents {
  /** By public path. */
  readonly objects: Map<string, KnownObject>;
  /** Whether the service was asked for it, and not only the index. */
  readonly isListed: boolean;
  /** Whether there are objects that are not told of, since no run from here has published them. */
  readonly hasOthers: boolean;
  /** Whether the listing lacks objects that the index tells of, or has others in their place. */
  readonly isChanged: boolean;
  /** Whether none is kept, and there is one that nothing is believed of, as one of an old format: who knows what wrote it. */
  readonly isSuspect: boolean;
  /** The version of the index object, right or not; `undefined` if there is none. */
  readonly indexVersion: string | undefined;
  /** When the head was last written, by the service's clock, where a listing tells it. */
  readonly headModified?: number;
  /** Whether a public path is below another head or index: that is somebody else's place. */
  isElsewhere(publicPath: string): boolean;
}

export interface ReadContentsOptions {
  /** The version of the index that is believed, if it is there; `null` if none is. */
  readonly believed: string | null;
  /** Whether all that is there must be told of. */
  readonly complete: boolean;
  /** Whether only one run at a time can have written the index; else it may be of any time. */
  readonly conditional: boolean;
  readonly known: KnownHeaders;
  readonly signal: AbortSignal;
}

/** Finds out what is in a place: by the index if it is to be believed, else by a listing. */
export async function readContents(place: Place, options: ReadContentsOptions): Promise<Contents> {
  const { believed, complete, conditional, known, signal } = options;
  const { store, prefix, indexed } = place;
  const found = indexed ? await store.read(prefix + INDEX_NAME, signal) : undefined;
  const indexVersion = found?.version;
  const isRight = indexVersion !== undefined && indexVersion === believed;
  const index = found && parseIndex(found.bytes);
  const own = index?.place === place.name ? index : undefined;
  // Of an index that came late, headers may be those of an earlier time: they make no other version everywhere.
  const recorded = withHeaders(own?.objects ?? new Map(), isRight || conditional ? known : () => undefined);
  if (isRight && own && !(complete && own.others))
    return {
      objects: recorded,
      isListed: false,
      hasOthers: own.others,
      isChanged: false,
      isSuspect: false,
      indexVersion,
      isElsewhere: () => false,
    };
  const listing = await list(place, recorded, options);
  return {
    ...listing,
    isListed: true,
    hasOthers: false,
    isSuspect: !indexed && listing.indexVersion !== undefined && (await isSuspectIndex(place, signal)),
    indexVersion: indexVersion ?? listing.indexVersion,
  };
}

/** Whether an index that is not kept any more was never to be believed. */
async function isSuspectIndex({ store, prefix, name }: Place, signal: AbortSignal): Promise<boolean> {
  const found = await store.read(prefix + INDEX_NAME, signal);
  return found !== undefined && parseIndex(found.bytes)?.place !== name;
}

function withHeaders(
  objects: ReadonlyMap<string, KnownObject>,
  known: (headers: ObjectHeaders) => ObjectHeaders | undefined,
): Map<string, KnownObject> {
  return new Map(
    Array.from(objects, ([publicPath, { headers, ...facts }]) => {
      const same = headers && known(headers);
      return [publicPath, same ? { ...facts, headers: same } : facts];
    }),
  );
}

/** What a listing says, and the index about objects that still are those that it knows. */
async function list(
  { store, prefix }: Place,
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
      else if (isInternal(publicPath)) elsewhere.add(folderOf(publicPath));
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
    isElsewhere: (publicPath) => elsewhere.size > 0 && foldersAbove(publicPath).some((f) => elsewhere.has(f)),
  };
}

/** Whether a path is that of a head or an index: of this place or of one further down. */
export function isInternal(publicPath: string): boolean {
  const name = publicPath.slice(publicPath.lastIndexOf('/') + 1);
  return name === HEAD_NAME || name === INDEX_NAME;
}

function folderOf(publicPath: string): string {
  return publicPath.slice(0, Math.max(0, publicPath.lastIndexOf('/')));
}

function foldersAbove(publicPath: string): string[] {
  const folders: string[] = [];
  for (let folder = folderOf(publicPath); folder !== ''; folder = folderOf(folder)) folders.push(folder);
  return folders;
}

function knownOf(
  { size, version, md5, headers }: ListedObject,
  recorded: KnownObject | undefined,
  known: KnownHeaders,
): KnownObject {
  const told = headers && { headers: known(headers) };
  if (recorded?.version !== undefined && recorded.version === version) return { ...recorded, ...told };
  return {
    size,
    ...(version !== undefined && { version }),
    // An MD5 that is equal proves equal bytes; one that is not proves nothing, and the file is sent.
    ...(md5 && { hash: md5, hashAlgorithm: 'md5' }),
    ...told,
    foreign: true,
  };
}
