import fs from 'node:fs';
import path from 'node:path';
import { StaticFilesError } from '../../errors.js';
import { isRecord } from '../../json.js';
import { CONFIG_FILES, MODULE_EXTENSIONS, unreadable } from './config-files.js';
import { parseJson } from './json.js';

/**
 * The settings file that counts for a folder: the nearest one from there upwards, not beyond the home folder.
 *
 * @param cwd - absolute path
 * @throws {StaticFilesError} `settings`, where one on the way cannot be read or is no valid JSON
 */
export async function findConfigFile(cwd: string): Promise<string | undefined> {
  const { lilconfigSync } = await import('lilconfig');
  const modules = Object.fromEntries(MODULE_EXTENSIONS.map((extension) => [extension, leaveForLater]));
  const finder = lilconfigSync('staticfiles', {
    searchPlaces: [...CONFIG_FILES],
    loaders: { ...modules, '.json': readObject },
    ignoreEmptySearchPlaces: false,
    cache: false,
  });
  try {
    refuseFifos(cwd);
    return finder.search(cwd)?.filepath;
  } catch (error) {
    if (error instanceof StaticFilesError) throw error;
    throw unreadable((error as NodeJS.ErrnoException).path ?? cwd, error);
  }
}

/** The search reads each file that it comes by, and would wait for ever for the writer of a FIFO. */
function refuseFifos(folder: string): void {
  for (const name of CONFIG_FILES) {
    const file = path.join(folder, name);
    if (fs.existsSync(file) && fs.statSync(file).isFIFO())
      throw unreadable(file, new Error('it is a FIFO, not a file'));
  }
  const parent = path.dirname(folder);
  if (parent !== folder) refuseFifos(parent);
}

/** A module is only looked for here: the one that is found is loaded as a file named by the user is. */
function leaveForLater(): undefined {}

function readObject(file: string, text: string): object {
  const value = parseJson(text, file);
  return isRecord(value) ? value : {};
}
