import { type Answer, headerPairs, type StaticRequest } from '../answer.js';
import { textOf } from '../http/conditions.js';
import { acceptsHtml } from '../http/negotiation.js';
import { joinVary } from '../http/vary.js';

/** A part that begins with a dot, or a last part with an extension. */
const NO_PAGE = /\/\.|\.[^/]*$/;

/**
 * Whether a request may be for a page of a single-page application: its path ends without an extension and has no part
 * that begins with a dot, and the client accepts HTML. A missing script or file below `.well-known` is not a page, and a
 * client that wants JSON must not get HTML.
 *
 * @param path escaped
 */
export function isForPage(path: string, { headers }: StaticRequest): boolean {
  return !NO_PAGE.test(path) && acceptsHtml(textOf(headers.accept));
}

/** Marks an answer as the fallback page. Another client may get a 404 under the same URL, so caches look at `Accept`. */
export function asFallback(answer: Answer): Answer {
  const pairs = [...headerPairs(answer.headers)];
  const vary = joinVary(pairs.find(([name]) => name === 'vary')?.[1], 'Accept')!;
  const others = pairs.filter(([name]) => name !== 'vary').flat();
  return { ...answer, headers: [...others, 'vary', vary], isFallback: true };
}
