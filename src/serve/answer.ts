import { Readable } from 'node:stream';
import { joinVary } from './http/vary.js';

/** Request for a file. The requests of `node:http` can be passed as they are. */
export interface StaticRequest {
  readonly method?: string | undefined;
  /** Request target: path and query, still escaped. */
  readonly url?: string | undefined;
  /** Headers by lower-case name. Repeated ones are arrays, or joined by commas. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Body that is read from a file while it is sent. */
export interface FileBody {
  /** Bytes. */
  readonly size: number;
  /**
   * Reads the bytes. Call it once. The file is released at the end, at the first error, or when `return()` is called.
   *
   * @throws Error if the file changed; abort the response then
   */
  chunks(): AsyncGenerator<Buffer, void, void>;
  /** Releases the file without reading it. */
  release(): void;
}

/** Response to a request, independent of any server. */
export interface Answer {
  readonly status: number;
  /** Names and values in turn, as `response.writeHead()` takes them. */
  readonly headers: readonly string[];
  /** `undefined` for a HEAD. */
  readonly body?: Buffer | FileBody | undefined;
  /** Names of headers that give way to those which the response has already, in lower case. */
  readonly yields?: readonly string[] | undefined;
  /** Whether it is the page of the option `fallback`. A server that knows its routes asks them first. */
  readonly isFallback?: boolean | undefined;
}

/**
 * Answers a request of any server.
 *
 * @returns `undefined` if the request is not for a static file; pass it on to your application then
 * @example
 * const answer = await statics.answer({ method: 'GET', url: '/static/css/app.css', headers: {} });
 */
export type Answering = (request: StaticRequest) => Answer | undefined | Promise<Answer | undefined>;

/** Calls `next` at once unless the value is a promise. Most answers need no turn of the event loop. */
export function chain<T, U>(value: T | Promise<T>, next: (value: T) => U | Promise<U>): U | Promise<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** Returns the names and values of headers in pairs. */
export function* headerPairs(
  headers: readonly string[],
): Generator<[name: string, value: string], void, void> {
  for (let index = 0; index < headers.length; index += 2) yield [headers[index]!, headers[index + 1]!];
}

/**
 * Returns the headers of an answer, combined with those that earlier middleware has set: `Vary` is joined, and a header
 * in `yields` gives way. All others replace earlier ones.
 *
 * @param earlier returns the value of a header that the response has already
 */
export function combinedHeaders(
  { headers, yields = [] }: Answer,
  earlier: (name: string) => string | undefined,
): string[] {
  const combined: string[] = [];
  for (const [name, value] of headerPairs(headers)) {
    if (name === 'vary') combined.push(name, joinVary(earlier(name), value)!);
    else if (!yields.includes(name) || earlier(name) === undefined) combined.push(name, value);
  }
  return combined;
}

/** Returns the body of an answer as bytes or as a stream. Closing the stream releases the file, even if it was not read. */
export function bytesOrStream(body: Answer['body']): Buffer | Readable | undefined {
  if (body === undefined || Buffer.isBuffer(body)) return body;
  return Readable.from(body.chunks(), { objectMode: false }).once('close', () => body.release());
}
