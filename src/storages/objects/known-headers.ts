import type { ObjectHeaders } from './object-store.js';

/** Gives the very same object for equal headers, so that they are compared, and written to the index, as one. */
export type KnownHeaders = (headers: ObjectHeaders) => ObjectHeaders;

/** Begins a collection of headers. */
export function createKnownHeaders(): KnownHeaders {
  const known = new Map<string, ObjectHeaders>();
  return (headers) => {
    const text = headersText(headers);
    const same = known.get(text);
    if (same === undefined) known.set(text, headers);
    return same ?? headers;
  };
}

/** The same text for equal headers. */
export function headersText({ metadata, ...headers }: ObjectHeaders): string {
  const given = Object.entries(headers).filter(([, value]) => value !== undefined);
  return JSON.stringify([given.sort(byName), Object.entries(metadata).sort(byName)]);
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
