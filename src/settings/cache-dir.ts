import fs from 'node:fs';
import path from 'node:path';
import { projectFolder } from './project-folder.js';

/**
 * Where what can be computed again is kept, unless the settings say otherwise: `node_modules/.cache/staticfiles` of
 * the project, or, where that cannot be written or there is no project, the user's cache folder
 * (https://specifications.freedesktop.org/basedir-spec/latest/). Creates nothing.
 *
 * The rule is that of the package find-cache-dir, whose import takes 20 ms of each run.
 */
export async function defaultCacheDir(baseDir: string): Promise<string> {
  const project = projectFolder(baseDir);
  if (project !== undefined && canHoldCache(project)) {
    return path.join(project, 'node_modules', '.cache', 'staticfiles');
  }
  const { default: envPaths } = await import('env-paths');
  return envPaths('staticfiles', { suffix: '' }).cache;
}

function canHoldCache(project: string): boolean {
  const modules = path.join(project, 'node_modules');
  return isWritable(fs.existsSync(modules) ? modules : project);
}

function isWritable(dir: string): boolean {
  try {
    fs.accessSync(dir, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
