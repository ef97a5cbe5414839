/**
 * The meaning of an attribute's value:
 *
 * - `url`: a URL that browsers load, `manifest` that of a web manifest
 * - `link`: a URL that browsers open, or that they load only when you ask for it
 * - `srcset`: a list of URLs with descriptors
 * - `style`: CSS
 * - `csp`: a Content Security Policy
 */
export type AttributeMeaning = 'url' | 'manifest' | 'link' | 'srcset' | 'style' | 'csp';

/** Names of attributes that hold URLs, by the element's name; `*` for all elements. Names are in lower case. */
export type ExtraAttributes = Readonly<Record<string, readonly string[]>>;

const SRC = new Set([
  'img',
  'script',
  'source',
  'video',
  'audio',
  'track',
  'embed',
  'iframe',
  'frame',
  'input',
]);

/** https://html.spec.whatwg.org/#the-page and #tables-2: `background` is obsolete, and browsers load it. */
const BACKGROUND = new Set(['body', 'table', 'thead', 'tbody', 'tfoot', 'tr', 'td', 'th']);

/**
 * Values of `rel` for which browsers load the `link`. Others, such as `alternate`, are links.
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

/** Names of `meta` elements whose files other sites and systems show. https://ogp.me/ */
const FILE_METAS = new Set([
  'image',
  'og:image',
  'og:image:url',
  'og:image:secure_url',
  'og:video',
  'og:video:url',
  'og:video:secure_url',
  'og:audio',
  'og:audio:url',
  'og:audio:secure_url',
  'twitter:image',
  'twitter:image:src',
  'msapplication-tileimage',
  'msapplication-square70x70logo',
  'msapplication-square150x150logo',
  'msapplication-wide310x150logo',
  'msapplication-square310x310logo',
]);

/**
 * Returns the meaning of an attribute of an HTML element; `undefined` if its value names no file.
 *
 * @param element its name in lower case, like the attributes' names
 * @param extra further attributes with URLs; those whose names end in `srcset` hold lists
 */
export function attributeMeaning(
  element: string,
  attribute: string,
  attributes: ReadonlyMap<string, string>,
  extra: ExtraAttributes,
): AttributeMeaning | undefined {
  return extraMeaning(element, attribute, extra) ?? builtInMeaning(element, attribute, attributes);
}

function extraMeaning(element: string, attribute: string, extra: ExtraAttributes) {
  const names = [element, '*'].flatMap((key) => (Object.hasOwn(extra, key) ? extra[key]! : []));
  if (!names.includes(attribute)) return undefined;
  return attribute.endsWith('srcset') ? 'srcset' : 'url';
}

function builtInMeaning(
  element: string,
  attribute: string,
  attributes: ReadonlyMap<string, string>,
): AttributeMeaning | undefined {
  if (attribute === 'style') return 'style';
  if (attribute === 'src') return SRC.has(element) ? 'url' : undefined;
  if (attribute === 'srcset') return element === 'img' || element === 'source' ? 'srcset' : undefined;
  if (element === 'a' || element === 'area') return attribute === 'href' ? 'link' : undefined;
  if (element === 'link') return linkMeaning(attribute, attributes);
  if (element === 'meta') return attribute === 'content' ? metaMeaning(attributes) : undefined;
  const loads =
    (element === 'video' && attribute === 'poster') ||
    (element === 'object' && attribute === 'data') ||
    (attribute === 'background' && BACKGROUND.has(element));
  return loads ? 'url' : undefined;
}

function linkMeaning(
  attribute: string,
  attributes: ReadonlyMap<string, string>,
): AttributeMeaning | undefined {
  if (attribute !== 'href' && attribute !== 'imagesrcset') return undefined;
  const rels = (attributes.get('rel') ?? '').toLowerCase().split(/\s+/);
  const loads = rels.some((rel) => LOADING_RELS.has(rel));
  if (attribute === 'imagesrcset') return loads ? 'srcset' : undefined;
  if (!loads) return 'link';
  return rels.includes('manifest') ? 'manifest' : 'url';
}

function metaMeaning(attributes: ReadonlyMap<string, string>): AttributeMeaning | undefined {
  if (attributes.get('http-equiv')?.toLowerCase() === 'content-security-policy') return 'csp';
  const name = attributes.get('property') ?? attributes.get('name') ?? attributes.get('itemprop') ?? '';
  return FILE_METAS.has(name.toLowerCase()) ? 'url' : undefined;
}

/** The types of classic and module scripts. https://mimesniff.spec.whatwg.org/#javascript-mime-type */
const SCRIPT_TYPE = /^(?:|module|(?:text|application)\/(?:x-)?(?:java|ecma)script)$/i;

/** Whether the `type` of a `script` is that of a script that browsers run. */
export function isScriptType(type: string): boolean {
  return SCRIPT_TYPE.test(type.trim());
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
