import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { StaticFilesError } from '../../errors.js';
import { isRecord } from '../../json.js';
import { readRegularFileSync } from '../../regular-file.js';
import type { UserSettings } from '../settings.js';
import { MODULE_EXTENSIONS, unreadable } from './config-files.js';
import { parseJson } from './json.js';

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
    throw unreadable(file, error);
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
  const { defaultExport, importModule, importProblem } = await import('../import-module.js');
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
