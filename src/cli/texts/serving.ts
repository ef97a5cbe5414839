import type { Answered, Serving } from '../reporter.js';
import { quoted } from './quoted.js';

export function servingText({ url, from }: Serving): string {
  const what = from === undefined ? 'the sources, as they are,' : quoted(from);
  return `Serving ${what} at ${url}; Ctrl-C ends it.`;
}

/** One line for a request: its status, and where it was found. */
export function answeredText({ method, url, status, source }: Answered): string {
  const found = source === undefined ? '' : ` from ${quoted(source)}`;
  return `${status} ${method} ${quoted(url)}${found}`;
}
