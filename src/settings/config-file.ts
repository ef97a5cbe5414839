import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { homeFolder } from '../cache/cache-dir.js';
import { describeSystemError, StaticFilesError } from '../errors.js';
import { readRegularFileSync } from '../files/bytes.js';
import { isInFolder } from '../files/same-folder.js';
import { isRecord, parseJson } from '../text/json.js';
import type { ConfigContext } from './config.js';
import type { UserSettings } from './settings.js';

/** What a settings function gets, and the folder that messages name files from. */
export interface ReadContext extends ConfigContext {
  readonly cwd: string;
}

/**
 * Returns the unchecked settings of a file: the value of a JSON file, the key `staticfiles` of a `package.json`, or the
 * default export of a module. A promise is awaited, a function is called.
 *
 * @param file absolute path
 * @throws StaticFilesError `settings`, naming the file
 */
export async function readConfigFile(file: string, context: ReadContext): Promise<UserSettings> {
  const label = labelOf(file, context.cwd);
  const text = readText(file, label);
  const exported = isJson(file) ? await fromJson(text, file, label) : await fromModule(file, label);
  const settings = typeof exported === 'function' ? await call(exported as Config, context, label) : exported;
  if (isRecord(settings)) return settings;
  throw new StaticFilesError('settings', `${label}: ${complaint(exported, file)}`);
}

type Config = (context: ConfigContext) => unknown;

/** The path of a file in messages: relative if the file is below the current folder. */
export function labelOf(file: string, cwd: string): string {
  return isInFolder(file, cwd) ? path.relative(cwd, file) : file;
}

async function call(config: Config, { command, env }: ConfigContext, label: string): Promise<unknown> {
  try {
    return await config({ command, env });
  } catch (cause) {
    throw new StaticFilesError(
      'settings',
      `${label}: the settings function failed: ${await reasonOf(cause)}`,
      { cause },
    );
  }
}

function readText(file: string, label: string): string {
  try {
    return readRegularFileSync(file).toString();
  } catch (cause) {
    throw new StaticFilesError('settings', `${label}: cannot read it: ${describeSystemError(cause)}.`, {
      cause,
    });
  }
}

/** Comments and trailing commas are allowed, except in `package.json`, where npm refuses them. */
async function fromJson(text: string, file: string, label: string): Promise<unknown> {
  if (isPackageJson(file)) {
    const value = parseJson(text, label);
    return isRecord(value) ? value.staticfiles : value;
  }
  const json = text.replace(/^\uFEFF/, '');
  try {
    return JSON.parse(json);
  } catch {
    // It has comments or a mistake, and the parser that knows both is loaded.
    const { parseWithComments } = await import('./json-with-comments.js');
    return parseWithComments(json, label);
  }
}

async function fromModule(file: string, label: string): Promise<unknown> {
  if (!MODULE_EXTENSIONS.includes(path.extname(file))) {
    const known = [...MODULE_EXTENSIONS, ...JSON_EXTENSIONS].join(', ');
    throw new StaticFilesError('settings', `${label}: a settings file must end in one of ${known}.`);
  }
  const { defaultExport, importModule } = await import('../plugins/import-module.js');
  try {
    return await defaultExport(await importModule(pathToFileURL(file).href));
  } catch (cause) {
    throw new StaticFilesError('settings', `${label}: cannot load it: ${await reasonOf(cause)}`, { cause });
  }
}

async function reasonOf(error: unknown): Promise<string> {
  const { importProblem } = await import('../plugins/import-module.js');
  return importProblem(error);
}

function complaint(exported: unknown, file: string): string {
  if (isPackageJson(file)) return "the key 'staticfiles' must be an object.";
  if (isJson(file)) return 'the value must be an object.';
  return typeof exported === 'function'
    ? 'the settings function must return an object.'
    : 'the default export must be an object with the settings, or a function that returns one.';
}

function isJson(file: string): boolean {
  return JSON_EXTENSIONS.includes(path.extname(file));
}

function isPackageJson(file: string): boolean {
  return path.basename(file) === PACKAGE_JSON;
}

/**
 * Returns the settings file for a folder, unread: the nearest one from there upwards, but not above the home folder.
 *
 * @param folder absolute path
 * @throws StaticFilesError `settings` if a `package.json` on the way cannot be read or is invalid JSON
 */
export function findConfigFile(folder: string, cwd = folder): string | undefined {
  const isThere = (file: string) => fs.existsSync(file) && (!isPackageJson(file) || hasSettings(file, cwd));
  const found = CONFIG_FILES.map((name) => path.join(folder, name)).find(isThere);
  const parent = path.dirname(folder);
  if (found !== undefined || folder === parent || folder === homeFolder()) return found;
  return findConfigFile(parent, cwd);
}

/**
 * Returns the settings files beside one that was found, which are ignored for it. An invalid `package.json` is none.
 *
 * @param file absolute path
 */
export function ignoredConfigFiles(file: string): readonly string[] {
  const folder = path.dirname(file);
  const others = CONFIG_FILES.filter((name) => name !== path.basename(file));
  return others
    .map((name) => path.join(folder, name))
    .filter((other) => {
      try {
        return fs.existsSync(other) && (!isPackageJson(other) || hasSettings(other, folder));
      } catch {
        return false;
      }
    });
}

function hasSettings(packageJson: string, cwd: string): boolean {
  const label = labelOf(packageJson, cwd);
  const value = parseJson(readText(packageJson, label), label);
  return isRecord(value) && value.staticfiles !== undefined && value.staticfiles !== null;
}

const MODULE_EXTENSIONS: readonly string[] = ['.ts', '.mts', '.js', '.mjs', '.cjs'];

const JSON_EXTENSIONS: readonly string[] = ['.json', '.jsonc'];

const PACKAGE_JSON = 'package.json';

/** The names of settings files, in order of precedence. `package.json` counts if it has the key `staticfiles`. */
const CONFIG_FILES: readonly string[] = [
  ...[...MODULE_EXTENSIONS, ...JSON_EXTENSIONS].map((extension) => `staticfiles.config${extension}`),
  PACKAGE_JSON,
];
