import { isSvgHref } from './svg.js';

/** The meaning of an attribute's value. */
export type AttributeMeaning = 'url' | 'srcset' | 'style';

const SRC = new Set(['img', 'script', 'source', 'video', 'audio', 'track', 'embed', 'iframe', 'input']);

/**
 * Values of `rel` for which browsers load the `link`. Others, such as `canonical`, name pages.
 * https://html.spec.whatwg.org/#linkTypes
 */
const LOADING_RELS = new Set([
  'stylesheet',
  'icon',
  'apple-touch-icon',
  'apple-touch-icon-precomposed',
  'apple-touch-startup-image',
  'mask-icon',
  'manifest',
  'preload',
  'modulepreload',
  'prefetch',
]);

/** Names of `meta` elements whose images other sites and systems show. */
const IMAGE_METAS = new Set([
  'og:image',
  'og:image:url',
  'og:image:secure_url',
  'twitter:image',
  'twitter:image:src',
  'msapplication-tileimage',
  'msapplication-square70x70logo',
  'msapplication-square150x150logo',
  'msapplication-wide310x150logo',
  'msapplication-square310x310logo',
]);

/**
 * Returns the meaning of an attribute; `undefined` if it loads nothing. Links for people (`a`, `area`, forms) load
 * nothing: they point to pages, which keep their names.
 *
 * @param element its name in lower case, like the attributes' names
 */
export function attributeMeaning(
  element: string,
  attribute: string,
  attributes: ReadonlyMap<string, string>,
): AttributeMeaning | undefined {
  if (attribute === 'style') return 'style';
  if (attribute === 'src') return SRC.has(element) ? 'url' : undefined;
  if (attribute === 'srcset') return element === 'img' || element === 'source' ? 'srcset' : undefined;
  if (element === 'link') return linkMeaning(attribute, attributes);
  if (element === 'meta') return attribute === 'content' && isImageMeta(attributes) ? 'url' : undefined;
  const loads =
    (element === 'video' && attribute === 'poster') ||
    (element === 'object' && attribute === 'data') ||
    isSvgHref(element, attribute);
  return loads ? 'url' : undefined;
}

function linkMeaning(
  attribute: string,
  attributes: ReadonlyMap<string, string>,
): AttributeMeaning | undefined {
  if (attribute !== 'href' && attribute !== 'imagesrcset') return undefined;
  const rels = (attributes.get('rel') ?? '').toLowerCase().split(/\s+/);
  if (!rels.some((rel) => LOADING_RELS.has(rel))) return undefined;
  return attribute === 'href' ? 'url' : 'srcset';
}

function isImageMeta(attributes: ReadonlyMap<string, string>): boolean {
  const name = attributes.get('property') ?? attributes.get('name') ?? '';
  return IMAGE_METAS.has(name.toLowerCase());
}

/** Returns the ranges of the URLs in a `srcset`. https://html.spec.whatwg.org/#parsing-a-srcset-attribute */
export function srcsetUrls(srcset: string): readonly (readonly [start: number, end: number])[] {
  const urls: (readonly [number, number])[] = [];
  let at = 0;
  for (;;) {
    while (at < srcset.length && /[\s,]/.test(srcset[at]!)) at++;
    if (at === srcset.length) return urls;
    const start = at;
    while (at < srcset.length && !/\s/.test(srcset[at]!)) at++;
    let end = at;
    while (srcset[end - 1] === ',') end--;
    urls.push([start, end]);
    // A comma right after the URL ends the candidate. Otherwise descriptors follow.
    if (end === at) at = descriptorsEnd(srcset, at);
  }
}

function descriptorsEnd(srcset: string, from: number): number {
  let depth = 0;
  for (let at = from; at < srcset.length; at++) {
    const character = srcset[at];
    if (character === '(') depth++;
    else if (character === ')') depth = Math.max(0, depth - 1);
    else if (character === ',' && depth === 0) return at + 1;
  }
  return srcset.length;
}
