import { StaticFilesError } from '../errors.js';
import type { Warning } from '../model/static-file.js';
import type { Settings } from '../settings/settings.js';
import { fileSource, type ManifestSource, releaseSource } from './manifest-source.js';
import { type Environment, type LoadStaticOptions, processEnvironment } from './options.js';

/** Where static files are published. */
export type PublishedOptions = Pick<
  LoadStaticOptions,
  'manifest' | 'baseUrl' | 'release' | 'settings' | 'env' | 'onWarning'
>;

/** What the options come to. */
export interface Choice {
  readonly options: PublishedOptions;
  readonly env: Environment;
  readonly release: string | undefined;
  /** The project's settings; loaded at the first call. */
  settings(): Promise<Settings>;
  /** Passes a warning on, unless it is the one before: a reload may find the same again. */
  warn(warning: Warning): void;
}

export function choose(options: PublishedOptions): Choice {
  const { env = processEnvironment(), release = env.RELEASE_ID } = options;
  const { onWarning = emitWarning } = options;
  let settings: Promise<Settings> | undefined;
  let lastWarning: string | undefined;
  return {
    options,
    env,
    release: release || undefined,
    warn(warning) {
      if (warning.message !== lastWarning) onWarning(warning);
      lastWarning = warning.message;
    },
    settings() {
      settings ??= import('./project.js').then(({ projectSettings }) =>
        projectSettings(options.settings, env),
      );
      return settings;
    },
  };
}

function emitWarning({ message, code }: Warning): void {
  process.emitWarning(message, { type: 'StaticFilesWarning', code });
}

/** What stands before the URLs of files that the application serves itself, as in development. */
export async function baseUrlOf(choice: Choice): Promise<string> {
  return givenUrl(choice) ?? (await choice.settings()).staticUrl;
}

/** The same for files that are published: a storage may say where browsers reach them. */
export async function publishedUrlOf(choice: Choice): Promise<string> {
  const given = givenUrl(choice);
  if (given !== undefined) return given;
  const { storage, staticUrl } = await choice.settings();
  return storage.publicUrl ?? staticUrl;
}

function givenUrl({ options: { baseUrl, manifest }, env }: Choice): string | undefined {
  if (baseUrl !== undefined) return checked(baseUrl, 'the option baseUrl');
  if (env.STATIC_URL) return checked(env.STATIC_URL, 'the environment variable STATIC_URL');
  return manifest === undefined ? undefined : '/static/';
}

function checked(url: string, origin: string): string {
  if (url.endsWith('/')) return url;
  throw new StaticFilesError('usage', `The base URL must end in a slash; ${origin} is '${url}'.`);
}

/** Where the manifest is that is to be read: the newest, or that of a release. */
export async function sourceOf(choice: Choice): Promise<ManifestSource> {
  const newest = await newestSource(choice);
  return choice.release === undefined ? newest : releaseSource(newest, choice.release);
}

/** Where the newest manifest is. */
export async function newestSource({ options: { manifest }, settings }: Choice): Promise<ManifestSource> {
  if (manifest !== undefined) return fileSource(manifest);
  const { settingsSource } = await import('./project.js');
  return settingsSource(await settings());
}

/** Whether the files are collected under their plain names, and no manifest is to be expected. */
export async function isPlain({ options: { manifest }, release, settings }: Choice): Promise<boolean> {
  if (manifest !== undefined || release !== undefined) return false;
  const { publishesManifest } = await import('./project.js');
  return !publishesManifest(await settings());
}

export function missingManifest(source: ManifestSource): StaticFilesError {
  return new StaticFilesError(
    'target',
    `There is no manifest '${source.describe(source.name)}'. Run collectstatic with the processor 'fingerprint' ` +
      'first, or say where the manifest is (the options manifest, settings, release; the variable RELEASE_ID).',
  );
}
