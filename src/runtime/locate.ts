import fs from 'node:fs';
import path from 'node:path';
import { StaticFilesError, systemErrorCode } from '../errors.js';
import { beginsWithHost, rootedUrl } from '../model/public-path.js';
import type { Warning } from '../model/static-file.js';
import type { Settings } from '../settings/settings.js';
import { fileSource, type ManifestSource, releaseSource } from './manifest-source.js';
import { type Environment, type LoadStaticOptions, processEnvironment } from './options.js';

/** Options that say where static files are published. */
export type PublishedOptions = Pick<
  LoadStaticOptions,
  'manifest' | 'baseUrl' | 'release' | 'settings' | 'env' | 'onWarning'
>;

/** Messages that this process has emitted: `loadStatic()` and `serve()` may find the same problem. */
const emitted = new Set<string>();

/** Options with their defaults filled in. */
export interface ResolvedOptions {
  readonly options: PublishedOptions;
  readonly env: Environment;
  readonly release: string | undefined;
  /** Returns the project's settings, loaded at the first call. */
  settings(): Promise<Settings>;
  /** Reports a warning, but not twice in a row: a reload may find the same problem again. */
  warn(warning: Warning): void;
}

/** Fills in the defaults of the options. */
export function resolveOptions(options: PublishedOptions): ResolvedOptions {
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
  if (emitted.has(message)) return;
  emitted.add(message);
  process.emitWarning(message, { type: 'StaticFilesWarning', code });
}

/** Returns the base URL of files that the application serves itself, as it does in development. */
export async function baseUrlOf(resolved: ResolvedOptions): Promise<string> {
  return givenUrl(resolved) ?? (await resolved.settings()).staticUrl;
}

/** Returns the base URL of published files. A storage may have a `publicUrl` of its own. */
export async function publishedUrlOf(resolved: ResolvedOptions): Promise<string> {
  const url = givenUrl(resolved);
  if (url !== undefined) return url;
  const { storage, staticUrl } = await resolved.settings();
  return storage.publicUrl ?? staticUrl;
}

function givenUrl({ options: { baseUrl, manifest }, env }: ResolvedOptions): string | undefined {
  if (baseUrl !== undefined) return checked(baseUrl, 'the option baseUrl');
  if (env.STATIC_URL) return checked(env.STATIC_URL, 'the environment variable STATIC_URL');
  return manifest === undefined ? undefined : '/static/';
}

function checked(url: string, origin: string): string {
  if (beginsWithHost(url)) {
    throw new StaticFilesError(
      'usage',
      `The base URL must begin with '/' or a scheme: ${origin} is '${url}'. Did you mean 'https://${url}'?`,
    );
  }
  if (url.endsWith('/')) return rootedUrl(url);
  throw new StaticFilesError('usage', `The base URL must end in '/': ${origin} is '${url}'.`);
}

/** Returns the source of the manifest that is read: that of the release, or the active one. */
export async function sourceOf(resolved: ResolvedOptions): Promise<ManifestSource> {
  const active = await activeSource(resolved);
  return resolved.release === undefined ? active : releaseSource(active, resolved.release);
}

/** Returns the source of the active manifest. */
export async function activeSource({
  options: { manifest },
  settings,
}: ResolvedOptions): Promise<ManifestSource> {
  if (manifest !== undefined) return fileSource(manifest);
  const { settingsSource } = await import('./project.js');
  return settingsSource(await settings());
}

/** Whether files are published under their plain names and without a manifest. */
export async function hasPlainNames({
  options: { manifest },
  release,
  settings,
}: ResolvedOptions): Promise<boolean> {
  if (manifest !== undefined || release !== undefined) return false;
  const { publishesManifest } = await import('./project.js');
  return !publishesManifest(await settings());
}

/** Whether there is a manifest. One that cannot be read counts: reading it explains why. */
export async function hasManifest(resolved: ResolvedOptions): Promise<boolean> {
  const { folder, name, read } = await sourceOf(resolved);
  return folder === undefined ? (await read(name)) !== undefined : fs.existsSync(path.join(folder, name));
}

/**
 * Returns the folder of the published files.
 *
 * @returns `undefined` if they are not in a folder on this machine
 */
export async function publishedFolder(resolved: ResolvedOptions): Promise<string | undefined> {
  if (resolved.options.manifest !== undefined) return (await activeSource(resolved)).folder;
  return (await resolved.settings()).storage.folder;
}

/** Whether there are published files in a folder on this machine. */
export async function hasPublishedFiles(resolved: ResolvedOptions): Promise<boolean> {
  const folder = await publishedFolder(resolved);
  if (folder === undefined) return false;
  try {
    return fs.readdirSync(folder).length > 0;
  } catch (error) {
    // A folder that cannot be read counts: reading it explains why.
    return systemErrorCode(error) !== 'ENOENT';
  }
}

/**
 * Checks that the defaults of a project without a settings file name something.
 *
 * @param isUsable whether sources, or published files, were found
 * @throws StaticFilesError `target` if there is neither a settings file nor a manifest
 */
export async function assertProject(resolved: ResolvedOptions, isUsable: boolean): Promise<void> {
  if (isUsable || resolved.options.settings !== undefined) return;
  const { folderWithoutSettings } = await import('../settings/load.js');
  const searched = folderWithoutSettings();
  if (searched === undefined) return;
  const { name, describe } = await activeSource(resolved);
  throw new StaticFilesError(
    'target',
    `There is no manifest '${describe(name)}', and no settings file 'staticfiles.config.*' in '${searched}' or a folder above it. ` +
      'Start the application in the folder of the project, or set where they are (options manifest and settings).',
  );
}

/** Returns the error for a manifest that is required and missing. */
export function missingManifest(source: ManifestSource): StaticFilesError {
  return new StaticFilesError(
    'target',
    `There is no manifest '${source.describe(source.name)}'. Run collectstatic with the processor 'fingerprint', ` +
      'or set where the manifest is (options manifest, settings and release; variable RELEASE_ID).',
  );
}
