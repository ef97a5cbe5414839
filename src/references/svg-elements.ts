/** Elements whose `href` browsers load; that of `a` is a link for people. https://www.w3.org/TR/SVG2/linking.html */
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

/** Whether it is an attribute by which an element of SVG loads a file. Both names without regard to letter case. */
export function isSvgHref(element: string, attribute: string): boolean {
  return (attribute === 'href' || attribute === 'xlink:href') && LOADING.has(element.toLowerCase());
}

/** Whether the value of an attribute of SVG is CSS that may hold `url()`. */
export function isPresentation(attribute: string): boolean {
  return PRESENTATION.has(attribute);
}
