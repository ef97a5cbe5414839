/** Value of `as` in a `Link` header. https://html.spec.whatwg.org/#translate-a-preload-destination */
export type Destination = 'fetch' | 'font' | 'image' | 'json' | 'script' | 'style' | 'text' | 'track';

/**
 * File to load early, if its name does not say how.
 *
 * @example
 * statics.preloadHeader([{ name: 'api/start.json', as: 'fetch' }]);
 */
export interface Preload {
  /** Logical path, with a query and a fragment if needed: `css/app.css`. */
  readonly name: string;
  /** Relation of the link (default: `modulepreload` for a module, `preload` for other files). */
  readonly rel?: 'preload' | 'modulepreload';
  /** Purpose for which the page loads the file (default: by its extension). */
  readonly as?: Destination;
  /** Whether the page loads it in CORS mode and without credentials (default: `true` for fonts and `fetch`). */
  readonly crossorigin?: boolean;
}

/** Link in a header. */
export interface PreloadLink extends Required<Omit<Preload, 'name'>> {
  readonly url: string;
  /** `''` if the header has none. */
  readonly integrity: string;
}

const DESTINATIONS: readonly (readonly [extensions: RegExp, as: Destination])[] = [
  [/\.css$/i, 'style'],
  [/\.[cm]?js$/i, 'script'],
  [/\.(woff2?|ttf|otf|ttc|eot)$/i, 'font'],
  [/\.(svg|png|jpe?g|gif|webp|avif|jxl|ico|bmp)$/i, 'image'],
  [/\.vtt$/i, 'track'],
];

/** Returns the purpose for which a file is loaded, by its extension. */
export function destinationOf(name: string): Destination {
  const path = withoutSuffix(name);
  return DESTINATIONS.find(([extensions]) => extensions.test(path))?.[1] ?? 'fetch';
}

/** Returns the name without query and fragment. */
export function withoutSuffix(name: string): string {
  return name.replace(/[?#].*/s, '');
}

/**
 * Returns how a file is loaded, by its extension where `Preload` does not say.
 *
 * @param isModule whether the file is known to be a module
 */
export function preloadOf(
  { name, rel, as, crossorigin }: Preload,
  isModule: boolean,
): Omit<PreloadLink, 'url' | 'integrity'> {
  const destination = as ?? destinationOf(name);
  const asModule = isModule && as === undefined && destination === 'script';
  return {
    rel: rel ?? (asModule ? 'modulepreload' : 'preload'),
    as: destination,
    crossorigin: crossorigin ?? /^(font|fetch)$/.test(destination),
  };
}

/** Returns one value of a `Link` header. https://www.rfc-editor.org/rfc/rfc8288#section-3 */
export function linkValue({ url, rel, as, crossorigin, integrity }: PreloadLink): string {
  const target = url.replace(/[^!-~]|[<>"\\^`{|}]/gu, encodeURIComponent);
  return [
    `<${target}>`,
    // Not last, because Node's writeEarlyHints() accepts only a `;` after a quote.
    ...(integrity ? [`integrity=${quoted(integrity)}`] : []),
    `rel=${rel}`,
    ...(rel === 'modulepreload' && as === 'script' ? [] : [`as=${as}`]),
    ...(crossorigin ? ['crossorigin'] : []),
  ].join(';');
}

/** Returns a quoted string. https://www.rfc-editor.org/rfc/rfc9110#section-5.6.4 */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
