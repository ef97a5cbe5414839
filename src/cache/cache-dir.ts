import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { projectFolder } from '../npm/packages.js';

/** Not in `node_modules`: `npm ci` deletes it, with the cache that CI has restored. */
const IN_PROJECT = path.join('.cache', 'staticfiles');

/**
 * Returns the cache folder of a project without the setting `cacheDir`: its `.cache/staticfiles`. If there is no
 * project, or it cannot be written, it is the user's cache folder
 * (https://specifications.freedesktop.org/basedir-spec/latest/). Creates nothing.
 */
export async function defaultCacheDir(baseDir: string): Promise<string> {
  const project = projectFolder(baseDir);
  if (project !== undefined && isWritable(project)) return path.join(project, IN_PROJECT);
  return (await userCacheDir()) ?? path.join(project ?? baseDir, IN_PROJECT);
}

/** Returns `undefined` for a user without a home folder. */
async function userCacheDir(): Promise<string | undefined> {
  try {
    const { default: envPaths } = await import('env-paths');
    return envPaths('staticfiles', { suffix: '' }).cache;
  } catch {
    return undefined;
  }
}

function isWritable(dir: string): boolean {
  try {
    fs.accessSync(dir, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Returns the user's home folder; `undefined` for a user that the system does not know, as in some containers. */
export function homeFolder(): string | undefined {
  try {
    return os.homedir();
  } catch {
    return undefined;
  }
}
