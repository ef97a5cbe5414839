/** The headers that an object is served with. */
export interface ObjectHeaders {
  /** `text/css; charset=utf-8` */
  readonly contentType: string;
  readonly cacheControl: string;
  /** The encoding of the bytes, if they have one: `gzip` (https://www.rfc-editor.org/rfc/rfc9110#section-8.4). */
  readonly contentEncoding?: string;
  readonly contentDisposition?: string;
  readonly contentLanguage?: string;
  /** The service's own key-value pairs (`x-amz-meta-…` and the like), without their prefix, under lower-case names. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** An object as a listing describes it. */
export interface ListedObject {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /**
   * Differs whenever the bytes differ: an ETag, a generation. It is opaque, never parsed. Without a version, the file is
   * uploaded again.
   */
  readonly version?: string;
  /** The MD5 of its bytes, hexadecimal, if the listing has it, or has a value that often is one. */
  readonly md5?: string;
  /** Its headers, if the listing has them. Otherwise they may be sent again to be certain. */
  readonly headers?: ObjectHeaders;
  /** When it was last written, by the service's clock, in milliseconds since 1970, if the listing has it. */
  readonly modified?: number;
}

/** The bytes of an object to be stored. */
export interface ObjectBody {
  /** Bytes. */
  readonly size: number;
  /**
   * Returns all bytes. For small objects.
   *
   * @throws StaticFilesError `source` if the file has changed since the run looked at it
   */
  bytes(): Uint8Array;
  /**
   * Returns the bytes piece by piece. For large objects. Like {@link bytes}, it throws if the file has changed, before its
   * last piece. An upload that is interrupted by that must leave nothing behind.
   */
  chunks(): AsyncIterable<Uint8Array>;
}

/** What must be true of a key, or else the write must fail: no object, or the object of that version. */
export type Condition = { readonly absent: true } | { readonly version: string };

export interface PutOptions {
  readonly headers: ObjectHeaders;
  readonly condition?: Condition;
  /**
   * The object must get a version other than `unlike`, and other than the same bytes usually get: a deletion of the old
   * object may arrive late. Only for services whose versions depend on the bytes alone.
   */
  readonly renew?: { readonly unlike: string | undefined };
  /** Whether the object is not for visitors, such as the index. It gets no ACL. */
  readonly internal?: boolean;
  readonly signal: AbortSignal;
}

/** Thrown by a write whose {@link Condition} is not met. */
export class ConditionFailed extends Error {
  override readonly name = 'ConditionFailed';
}

/** Thrown by a write if the service refuses every {@link Condition} because it does not support them. */
export class ConditionsRefused extends Error {
  override readonly name = 'ConditionsRefused';
}

/**
 * A service that stores objects by key. Implement it to publish to a service of your own, and pass it to
 * {@link objectStorage}. Each object is written as a whole. Calls retry by themselves, give up attempts that the service
 * never answers, and end soon when the signal is aborted. They throw raw errors, or a `StaticFilesError` that tells the user
 * what to do.
 */
export interface ObjectStore {
  /** Shown to users: `s3`. */
  readonly name: string;
  /** The address of the objects as users know it, without a slash at its end: `s3://my-bucket`. */
  readonly displayUrl: string;
  /** How many calls are made at a time. Default 8. */
  readonly concurrency?: number;
  /** How many keys {@link remove} takes at once. Default 1. */
  readonly removesAtOnce?: number;

  /**
   * Whether writes honour their {@link Condition}. If absent, the first run at a destination finds out. With `false`, no
   * condition is given, and two runs at once are kept apart by waiting, which is a weaker protection.
   */
  readonly conditional?: boolean;

  /** Bytes of the largest object that {@link putHeaders} accepts. Larger ones are stored again. Default: no limit. */
  readonly putsHeadersUpTo?: number;

  /** Returns every object whose key begins with the prefix, page by page. */
  list(prefix: string, signal: AbortSignal): AsyncIterable<readonly ListedObject[]>;

  /** Returns an object's bytes and version, or `undefined` if there is none. */
  read(
    key: string,
    signal: AbortSignal,
  ): Promise<{ readonly bytes: Uint8Array; readonly version: string } | undefined>;

  /**
   * Stores an object, whole or not at all.
   *
   * @returns its new version
   * @throws ConditionFailed, ConditionsRefused
   */
  put(key: string, body: ObjectBody, options: PutOptions): Promise<{ readonly version: string }>;

  /**
   * Changes the headers of an object without sending its bytes. Leave it out if the service cannot do that.
   *
   * @param options the condition is the version of the object whose bytes are known
   * @returns its new version, or `undefined` if the service turns out to have no such call. The object is then stored again
   * @throws ConditionFailed if the object has another version, or is gone
   */
  putHeaders?(key: string, options: PutOptions): Promise<{ readonly version: string } | undefined>;

  /**
   * Removes at most {@link removesAtOnce} objects. Missing ones are no error.
   *
   * @param versions by key. If the service can do that, leave objects alone that have another version
   * @returns the keys that were left alone, or nothing if the service cannot compare versions
   */
  remove(
    keys: readonly string[],
    signal: AbortSignal,
    versions?: ReadonlyMap<string, string>,
    // biome-ignore lint/suspicious/noConfusingVoidType: many stores have nothing to return
  ): Promise<readonly string[] | void>;

  /** Frees what keeps the process alive, such as connections. Called once when a command is over. Nothing is called afterwards. */
  close?(): Promise<void>;
}
