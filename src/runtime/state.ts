import {
  baseUrlOf,
  type Choice,
  choose,
  isPlain,
  missingManifest,
  publishedUrlOf,
  sourceOf,
} from './choice.js';
import type { LoadStaticOptions } from './load-options.js';
import { createStatic, type LookupOptions, type StaticLookup } from './lookup.js';
import { readManifest } from './read-manifest.js';
import { createTags, type StaticTags, type TagsOptions } from './tags.js';

/** One manifest, ready for look-ups. */
export type State = StaticLookup & StaticTags;

/** Makes what reads the manifest, or asks the finders, at each call. What was once published stays so. */
export async function stateLoader(options: LoadStaticOptions): Promise<() => Promise<State>> {
  const choice = choose(options);
  const [ownUrl, publishedUrl] = [await baseUrlOf(choice), await publishedUrlOf(choice)];
  let published = options.debug === false || choice.env.NODE_ENV === 'production';
  return async () => {
    const manifest = options.debug ? undefined : await readPublished(choice, published);
    if (manifest === undefined) return stateOf(await inDevelopment(choice, ownUrl), ownUrl, options);
    published = true;
    return stateOf(manifest, publishedUrl, options);
  };
}

/** @returns `undefined` where there is none, and there need not be one */
async function readPublished(choice: Choice, mustExist: boolean) {
  const source = await sourceOf(choice);
  const manifest = await readManifest(source, choice.warn);
  if (manifest !== undefined || (choice.release === undefined && !mustExist)) return manifest;
  if (await isPlain(choice)) return {};
  throw missingManifest(source);
}

async function inDevelopment({ settings }: Choice, baseUrl: string) {
  const { findInDevelopment } = await import('./development.js');
  return findInDevelopment(await settings(), baseUrl);
}

function stateOf(
  manifest: Pick<LookupOptions, 'paths'> & TagsOptions,
  baseUrl: string,
  { strict }: LoadStaticOptions,
): State {
  const lookup = createStatic({ paths: manifest.paths, baseUrl, strict });
  return { ...lookup, ...createTags(lookup, manifest) };
}
