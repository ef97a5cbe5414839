/** The headers with which an object is served. */
export interface ObjectHeaders {
  /** `text/css; charset=utf-8` */
  readonly contentType: string;
  readonly cacheControl: string;
  /** `gzip`, where the bytes are in that coding: https://www.rfc-editor.org/rfc/rfc9110#section-8.4 */
  readonly contentEncoding?: string;
  readonly contentDisposition?: string;
  readonly contentLanguage?: string;
  /** The service's own key-value pairs (`x-amz-meta-…` and the like), without their prefix, under lower-case names. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** What a listing tells of an object. */
export interface ListedObject {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /**
   * Another one whenever the bytes are others: an ETag, a generation. Nothing else is read in it. Without one, the file is
   * sent again.
   */
  readonly version?: string;
  /** The MD5 of its bytes, hexadecimal, where the service tells one, or something that often is one. */
  readonly md5?: string;
  /** Where the listing tells them; they then need not be sent again to be sure of them. */
  readonly headers?: ObjectHeaders;
  /** When it was last written, by the service's clock, in milliseconds since 1970; if the listing says so. */
  readonly modified?: number;
}

/** The bytes of an object that is sent. */
export interface ObjectBody {
  /** Bytes. */
  readonly size: number;
  /**
   * All of them, for what is small.
   *
   * @throws StaticFilesError `source` where the file has changed since it was looked at
   */
  bytes(): Uint8Array;
  /**
   * One piece after the other, for what is large. Throws as {@link bytes} does before its last piece: an upload that is
   * broken off then must leave nothing behind.
   */
  chunks(): AsyncIterable<Uint8Array>;
}

/** What must be true of a key for a write to be done. */
export type Condition = { readonly absent: true } | { readonly version: string };

export interface PutOptions {
  readonly headers: ObjectHeaders;
  readonly condition?: Condition;
  /**
   * The object must get another version than `unlike`, or than the same bytes would usually have, since deletions of what
   * was there before may come late. For services that make versions of the bytes alone.
   */
  readonly renew?: { readonly unlike: string | undefined };
  /** An object that visitors are not served, such as the index: access rules for published files are not for it. */
  readonly internal?: boolean;
  readonly signal: AbortSignal;
}

/** Thrown by a write whose {@link Condition} does not hold. */
export class ConditionFailed extends Error {
  override readonly name = 'ConditionFailed';
}

/** Thrown by a write if the service refuses every {@link Condition}, since it does not know such. */
export class ConditionsRefused extends Error {
  override readonly name = 'ConditionsRefused';
}

/**
 * A service that stores objects by key, each written as a whole: all that a backend has to bring. It throws raw errors,
 * or a `StaticFilesError` where it can say what a person is to do. Retries are its own; aborting the signal ends a call soon.
 */
export interface ObjectStore {
  /** Shown to people: `s3`. */
  readonly name: string;
  /** Where objects are, as a person would write it: `s3://my-bucket`. */
  readonly displayUrl: string;
  /** How many calls are under way at a time; 8 unless given. */
  readonly concurrency?: number;
  /** How many keys {@link remove} takes at once; one unless given. */
  readonly removesAtOnce?: number;

  /**
   * Whether writes keep to their {@link Condition}. Left out, it is found out once for each destination. With `false` no
   * condition is given, and two runs at once are told apart by waiting: the protection is weaker.
   */
  readonly conditional?: boolean;

  /** Bytes of the largest object that {@link putHeaders} takes; others are sent again. Any unless given. */
  readonly putsHeadersUpTo?: number;

  /** Every object whose key begins so, page by page. */
  list(prefix: string, signal: AbortSignal): AsyncIterable<readonly ListedObject[]>;

  /** An object's bytes; `undefined` where there is none. */
  read(
    key: string,
    signal: AbortSignal,
  ): Promise<{ readonly bytes: Uint8Array; readonly version: string } | undefined>;

  /**
   * Stores an object, whole or not at all.
   *
   * @returns its version now
   * @throws ConditionFailed, ConditionsRefused
   */
  put(key: string, body: ObjectBody, options: PutOptions): Promise<{ readonly version: string }>;

  /**
   * Gives an object other headers without sending its bytes; left out where the service cannot.
   *
   * @param options its condition is a version: that of the object whose bytes are known
   * @returns its version now; `undefined` if the service turns out to have no such call: the object is then sent
   * @throws ConditionFailed where the object has another version, or is gone
   */
  putHeaders?(key: string, options: PutOptions): Promise<{ readonly version: string } | undefined>;

  /**
   * Removes objects, at most {@link removesAtOnce}; one that is not there is no error.
   *
   * @param versions by key. An object that has another version is left alone, if the service can do that
   * @returns the keys of those that were left alone; nothing where it removes whatever is there
   */
  remove(
    keys: readonly string[],
    signal: AbortSignal,
    versions?: ReadonlyMap<string, string>,
    // biome-ignore lint/suspicious/noConfusingVoidType: many stores have nothing to give back
  ): Promise<readonly string[] | void>;

  /** Frees what keeps the process alive, such as connections. Called once when a command is over; nothing is called afterwards. */
  close?(): Promise<void>;
}
