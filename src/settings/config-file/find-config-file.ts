import fs from 'node:fs';
import path from 'node:path';
import { isRecord } from '../../json.js';
import { readRegularFileSync } from '../../regular-file.js';
import { homeFolder } from '../home-folder.js';
import { CONFIG_FILES, PACKAGE_JSON, unreadable } from './config-files.js';
import { parseJson } from './json.js';

/**
 * The settings file that counts for a folder: the nearest one from there upwards, not beyond the home folder.
 * It is not read; what it says may still be invalid.
 *
 * @param folder - absolute path
 * @throws {StaticFilesError} `settings`, if a `package.json` on the way cannot be read or is not valid JSON
 */
export function findConfigFile(folder: string): string | undefined {
  const found = CONFIG_FILES.map((name) => path.join(folder, name)).find(isConfigFile);
  const parent = path.dirname(folder);
  if (found !== undefined || folder === parent || folder === homeFolder()) return found;
  return findConfigFile(parent);
}

function isConfigFile(file: string): boolean {
  return fs.existsSync(file) && (path.basename(file) !== PACKAGE_JSON || hasSettings(file));
}

function hasSettings(packageJson: string): boolean {
  const value = parseJson(readText(packageJson), packageJson);
  return isRecord(value) && value.staticfiles !== undefined && value.staticfiles !== null;
}

function readText(file: string): string {
  try {
    return readRegularFileSync(file).toString();
  } catch (error) {
    throw unreadable(file, error);
  }
}
