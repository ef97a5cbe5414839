import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { homeFolder } from '../cache/cache-dir.js';
import { StaticFilesError } from '../errors.js';
import { cannotRead, readRegularFileSync } from '../files/bytes.js';
import { isRecord, parseJson } from '../text/json.js';
import type { UserSettings } from './settings.js';

/**
 * What a settings file says, unchecked: the value of a JSON file, the key `staticfiles` of a `package.json`, the
 * default export of a module (awaited, where it is a promise).
 *
 * @param file - absolute path
 * @throws {StaticFilesError} `settings`, naming the file
 */
export async function readConfigFile(file: string): Promise<UserSettings> {
  const text = readText(file);
  const settings = path.extname(file) === '.json' ? fromJson(text, file) : await fromModule(file);
  if (isRecord(settings)) return settings;
  throw new StaticFilesError('settings', `The settings file '${file}' ${complaint(settings, file)}`);
}

function readText(file: string): string {
  try {
    return readRegularFileSync(file).toString();
  } catch (error) {
    throw cannotRead('settings', `the settings file '${file}'`, error);
  }
}

function fromJson(text: string, file: string): unknown {
  const value = parseJson(text, file);
  return isPackageJson(file) && isRecord(value) ? value.staticfiles : value;
}

async function fromModule(file: string): Promise<unknown> {
  if (!MODULE_EXTENSIONS.includes(path.extname(file))) {
    const known = [...MODULE_EXTENSIONS, '.json'].join(', ');
    throw new StaticFilesError(
      'settings',
      `The settings file '${file}' must have one of the endings ${known}.`,
    );
  }
  const { defaultExport, importModule, importProblem } = await import('../plugins/import-module.js');
  try {
    return await defaultExport(await importModule(pathToFileURL(file).href));
  } catch (cause) {
    const message = `Cannot load the settings file '${file}': ${importProblem(cause)}`;
    throw new StaticFilesError('settings', message, { cause });
  }
}

function complaint(settings: unknown, file: string): string {
  if (isPackageJson(file)) return "must have an object under the key 'staticfiles'.";
  if (path.extname(file) === '.json') return 'must hold an object.';
  if (typeof settings === 'function') return 'exports a function; export the settings object itself.';
  return 'must have an object with the settings as its default export.';
}

function isPackageJson(file: string): boolean {
  return path.basename(file) === 'package.json';
}

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

/** The endings of settings files that are modules. */
const MODULE_EXTENSIONS: readonly string[] = ['.ts', '.mts', '.js', '.mjs', '.cjs'];

const PACKAGE_JSON = 'package.json';

/** Where settings are looked for in a folder; the first that is there counts. `package.json` does with the key `staticfiles`. */
const CONFIG_FILES: readonly string[] = [
  ...MODULE_EXTENSIONS.map((extension) => `staticfiles.config${extension}`),
  'staticfiles.config.json',
  PACKAGE_JSON,
];
