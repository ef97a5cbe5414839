/** What `Link` headers can load for: https://html.spec.whatwg.org/#translate-a-preload-destination */
export type Destination = 'fetch' | 'font' | 'image' | 'json' | 'script' | 'style' | 'text' | 'track';

/** A file that is to be loaded early, where its name alone does not say how. */
export interface Preload {
  readonly name: string;
  /** `modulepreload` for a module; else `preload`. */
  readonly rel?: 'preload' | 'modulepreload';
  /** What it is loaded for. */
  readonly as?: Destination;
  /** Whether the page loads it in CORS mode, without credentials: fonts and `fetch()` do. */
  readonly crossorigin?: boolean;
}

/** A link as it stands in a header. */
export interface PreloadLink extends Required<Omit<Preload, 'name'>> {
  readonly url: string;
  /** `''` where none is to be said. */
  readonly integrity: string;
}

const DESTINATIONS: readonly (readonly [extensions: RegExp, as: Destination])[] = [
  [/\.css$/i, 'style'],
  [/\.[cm]?js$/i, 'script'],
  [/\.(woff2?|ttf|otf|ttc|eot)$/i, 'font'],
  [/\.(svg|png|jpe?g|gif|webp|avif|jxl|ico|bmp)$/i, 'image'],
  [/\.vtt$/i, 'track'],
];

/** What a file is loaded for, by its extension. */
export function destinationOf(name: string): Destination {
  const path = withoutSuffix(name);
  return DESTINATIONS.find(([extensions]) => extensions.test(path))?.[1] ?? 'fetch';
}

/** The name without query and fragment. */
export function withoutSuffix(name: string): string {
  return name.replace(/[?#].*/s, '');
}

/**
 * How a file is loaded, by its extension where it is not said.
 *
 * @param isModule whether it is known to be a module
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

/** One value of a `Link` header. https://www.rfc-editor.org/rfc/rfc8288#section-3 */
export function linkValue({ url, rel, as, crossorigin, integrity }: PreloadLink): string {
  const target = url.replace(/[^!-~]|[<>"\\^`{|}]/gu, encodeURIComponent);
  return [
    `<${target}>`,
    // Not last: Node's writeEarlyHints() takes nothing but a `;` after a quote.
    ...(integrity ? [`integrity=${quoted(integrity)}`] : []),
    `rel=${rel}`,
    ...(rel === 'modulepreload' && as === 'script' ? [] : [`as=${as}`]),
    ...(crossorigin ? ['crossorigin'] : []),
  ].join(';');
}

/** https://www.rfc-editor.org/rfc/rfc9110#section-5.6.4 */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
