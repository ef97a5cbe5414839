import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { projectFolder } from '../npm/packages.js';

/** Not in `node_modules`, which `npm ci` deletes, and with it what CI has restored from the run before. */
const IN_PROJECT = path.join('.cache', 'staticfiles');

/**
 * Where what can be computed again is kept, unless the settings say otherwise: `.cache/staticfiles` of the project. If
 * there is no project, or it cannot be written, it is the user's cache folder
 * (https://specifications.freedesktop.org/basedir-spec/latest/). Creates nothing.
 */
export async function defaultCacheDir(baseDir: string): Promise<string> {
  const project = projectFolder(baseDir);
  if (project !== undefined && isWritable(project)) return path.join(project, IN_PROJECT);
  return (await userCacheDir()) ?? path.join(project ?? baseDir, IN_PROJECT);
}

/** `undefined` for a user without a home. */
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

/** The user's home folder; `undefined` for a user whom the system does not know, as in some containers. */
export function homeFolder(): string | undefined {
  try {
    return os.homedir();
  } catch {
    return undefined;
  }
}
