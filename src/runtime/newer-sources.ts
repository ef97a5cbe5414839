import fs from 'node:fs';
import path from 'node:path';
import { readRegularFileSync } from '../files/bytes.js';
import { findStaticFiles, lookUpContext } from '../finders/find.js';
import type { StaticFile } from '../model/static-file.js';
import type { Settings } from '../settings/settings.js';
import { activeSource, type ResolvedOptions } from './locate.js';

/** Number of names in the warning. */
const SHOWN = 3;

/**
 * Warns if sources have changed since the manifest in use was written, since pages get the published files.
 *
 * A checkout gives files a new time without changing them. So a newer file counts only if its bytes differ from the
 * published ones. Nothing that fails here stops the application.
 *
 * @param paths public paths by logical path
 */
export async function warnOfNewerSources(
  resolved: ResolvedOptions,
  paths: { get(logicalPath: string): string | undefined },
): Promise<void> {
  // With a manifest of its own, an application reads no settings.
  if (resolved.options.manifest !== undefined) return;
  const { folder, name, describe } = await activeSource(resolved);
  if (folder === undefined) return;
  const newer = await newerSources(await resolved.settings(), path.join(folder, name), paths).catch(() => []);
  if (newer.length === 0) return;
  const names = newer.slice(0, SHOWN).map(({ logicalPath }) => `'${logicalPath}'`);
  const more = newer.length > SHOWN ? ` and ${newer.length - SHOWN} more` : '';
  const files = newer.length === 1 ? '1 source file is' : `${newer.length} source files are`;
  resolved.warn({
    code: 'newer-sources',
    message:
      `${files} newer than '${describe(name)}': ${names.join(', ')}${more}. Pages get the published files. ` +
      'Run collectstatic or, to use the sources, set debug: true for loadStatic() and dev: true for serve().',
  });
}

async function newerSources(
  settings: Settings,
  manifest: string,
  paths: { get(logicalPath: string): string | undefined },
): Promise<readonly StaticFile[]> {
  const since = fs.statSync(manifest).mtimeMs;
  const { files } = await findStaticFiles(settings.finders, lookUpContext(settings));
  return files.filter(({ sourcePath, logicalPath }) => {
    if (fs.statSync(sourcePath).mtimeMs <= since) return false;
    const published = paths.get(logicalPath);
    return published === undefined || !isPublishedFrom(sourcePath, published, settings);
  });
}

/** Whether a file was published from these bytes. The output of a custom processor is never equal to its source. */
function isPublishedFrom(sourcePath: string, publicPath: string, { storage }: Settings): boolean {
  if (storage.folder === undefined) return false;
  const published = path.join(storage.folder, publicPath);
  return fs.existsSync(published) && withoutHashes(sourcePath) === withoutHashes(published);
}

/** Returns the text of a file without what `fingerprint` inserts in it: hashes in names, and integrity. */
function withoutHashes(file: string): string {
  return readRegularFileSync(file)
    .toString('latin1')
    .replace(/\.[\da-f]{8,32}\b|\bsha(?:256|384|512)-[\w+/]+=*/g, '');
}
