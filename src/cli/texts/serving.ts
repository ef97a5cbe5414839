import { printableName, quoted } from '../../printable.js';
import type { Answered, Serving } from '../reporter.js';

export function servingText({ url, from }: Serving): string {
  const what = from === undefined ? 'the sources, as they are,' : quoted(from);
  return `Serving ${what} at ${printableName(url)}; Ctrl-C ends it.`;
}

/** One line for a request: its status, and where it was found. */
export function answeredText({ method, url, status, source }: Answered): string {
  const found = source === undefined ? '' : ` from ${quoted(source)}`;
  return `${status} ${printableName(method)} ${quoted(url)}${found}`;
}
