import { StaticFilesError } from '../errors.js';
import type { Settings } from '../settings/settings.js';
import { type Environment, processEnvironment } from './environment.js';
import type { LoadStaticOptions } from './load-options.js';
import { createStatic, type LookupOptions, type StaticLookup } from './lookup.js';
import { fileSource, type ManifestSource, releaseSource } from './manifest-source.js';
import { readManifest } from './read-manifest.js';
import { createTags, type StaticTags, type TagsOptions } from './tags.js';

/** One manifest, ready for look-ups. */
export type State = StaticLookup & StaticTags;

/** What the options come to. */
interface Choice {
  readonly options: LoadStaticOptions;
  readonly env: Environment;
  readonly release: string | undefined;
  /** The project's settings; loaded at the first call. */
  settings(): Promise<Settings>;
}

/** Makes what reads the manifest, or asks the finders, at each call. What was once published stays so. */
export async function stateLoader(options: LoadStaticOptions): Promise<() => Promise<State>> {
  const choice = choose(options);
  const baseUrl = await baseUrlOf(choice);
  let published = options.debug === false || choice.env.NODE_ENV === 'production';
  return async () => {
    const manifest = options.debug ? undefined : await readPublished(choice, published);
    if (manifest === undefined) return stateOf(await inDevelopment(choice, baseUrl), baseUrl, options);
    published = true;
    return stateOf(manifest, baseUrl, options);
  };
}

function choose(options: LoadStaticOptions): Choice {
  const { env = processEnvironment(), release = env.RELEASE_ID } = options;
  let settings: Promise<Settings> | undefined;
  return {
    options,
    env,
    release: release || undefined,
    settings() {
      settings ??= import('./project.js').then(({ projectSettings }) =>
        projectSettings(options.settings, env),
      );
      return settings;
    },
  };
}

async function baseUrlOf({ options: { baseUrl, manifest }, env, settings }: Choice): Promise<string> {
  if (baseUrl !== undefined) return checked(baseUrl, 'the option baseUrl');
  if (env.STATIC_URL) return checked(env.STATIC_URL, 'the environment variable STATIC_URL');
  return manifest === undefined ? (await settings()).staticUrl : '/static/';
}

function checked(url: string, origin: string): string {
  if (url.endsWith('/')) return url;
  throw new StaticFilesError('usage', `The base URL must end in a slash; ${origin} is '${url}'.`);
}

/** @returns `undefined` where there is none, and there need not be one */
async function readPublished(choice: Choice, mustExist: boolean) {
  const newest = await sourceOf(choice);
  const source = choice.release === undefined ? newest : releaseSource(newest, choice.release);
  const manifest = await readManifest(source);
  if (manifest !== undefined || (choice.release === undefined && !mustExist)) return manifest;
  if (await isPlain(choice)) return {};
  throw new StaticFilesError(
    'target',
    `There is no manifest '${source.describe(source.name)}'. Run collectstatic with the processor 'fingerprint' ` +
      'first, or say where the manifest is (the options manifest, settings, release; the variable RELEASE_ID).',
  );
}

async function sourceOf({ options: { manifest }, settings }: Choice): Promise<ManifestSource> {
  if (manifest !== undefined) return fileSource(manifest);
  const { settingsSource } = await import('./project.js');
  return settingsSource(await settings());
}

/** Whether the files are collected under their plain names, and no manifest is to be expected. */
async function isPlain({ options: { manifest }, release, settings }: Choice): Promise<boolean> {
  if (manifest !== undefined || release !== undefined) return false;
  const { publishesManifest } = await import('./project.js');
  return !publishesManifest(await settings());
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
