import { Readable } from 'node:stream';

/** What is asked. Requests of `node:http` are such. */
export interface StaticRequest {
  readonly method?: string | undefined;
  /** The target: a path with a query, still escaped. */
  readonly url?: string | undefined;
  /** By lower-case name. Where one came several times, its values joined by commas. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Bytes that are read while they are sent. */
export interface FileBody {
  readonly size: number;
  /**
   * Reads them. To be called once; its file is let go at the end, at the first error, or when `return()` is called.
   *
   * @throws where the file has become shorter: the answer must be broken off
   */
  chunks(): AsyncGenerator<Buffer, void, void>;
  /** Lets the file go unread. */
  release(): void;
}

/** What is answered. */
export interface Answer {
  readonly status: number;
  /** Names and values in turn, as `response.writeHead()` takes them. */
  readonly headers: readonly string[];
  /** None for a HEAD. */
  readonly body?: Buffer | FileBody | undefined;
}

/** Answers requests; knows nothing of servers. `undefined`: not a matter of static files. */
export type Answering = (request: StaticRequest) => Answer | undefined | Promise<Answer | undefined>;

/** Goes on at once where a value is there: most answers need no turn of the event loop. */
export function chain<T, U>(value: T | Promise<T>, next: (value: T) => U | Promise<U>): U | Promise<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** Names and values of headers, in pairs. */
export function* headerPairs(
  headers: readonly string[],
): Generator<[name: string, value: string], void, void> {
  for (let index = 0; index < headers.length; index += 2) yield [headers[index]!, headers[index + 1]!];
}

/** The bytes of a file for servers that take streams. Its file is let go when the stream is closed, read or not. */
export function bodyStream(body: FileBody): Readable {
  return Readable.from(body.chunks(), { objectMode: false }).once('close', () => body.release());
}
