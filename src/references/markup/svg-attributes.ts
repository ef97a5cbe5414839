/** Elements whose `href` browsers load. https://www.w3.org/TR/SVG2/linking.html */
const LOADING = new Set([
  'image',
  'use',
  'feimage',
  'script',
  'textpath',
  'lineargradient',
  'radialgradient',
  'pattern',
  'filter',
  'mpath',
  'cursor',
]);

/** Attributes whose values are CSS, with `url()`. https://www.w3.org/TR/SVG2/styling.html#PresentationAttributes */
const PRESENTATION = new Set([
  'style',
  'fill',
  'stroke',
  'filter',
  'mask',
  'clip-path',
  'marker',
  'marker-start',
  'marker-mid',
  'marker-end',
  'cursor',
]);

/**
 * Returns the meaning of an attribute of an SVG element: a URL that browsers load, a link, or CSS.
 *
 * @param element its name, without a prefix
 * @param attribute its name with its prefix
 * @param animated the attribute that the element animates (`attributeName`). URLs in animations count as links, since
 *   the element around may be `a`
 */
export function svgMeaning(
  element: string,
  attribute: string,
  animated: string | undefined,
): 'url' | 'link' | 'style' | undefined {
  if (PRESENTATION.has(attribute)) return 'style';
  if (attribute === 'to' || attribute === 'from') return isHref(animated) ? 'link' : undefined;
  if (!isHref(attribute)) return undefined;
  if (element === 'a') return 'link';
  return LOADING.has(element.toLowerCase()) ? 'url' : undefined;
}

function isHref(attribute: string | undefined): boolean {
  return attribute === 'href' || attribute === 'xlink:href';
}
