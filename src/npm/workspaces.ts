import fs from 'node:fs';
import path from 'node:path';
import { describeSystemError, StaticFilesError } from '../errors.js';
import { cannotRead, readRegularFileSync } from '../files/bytes.js';
import { globFolders } from '../files/glob-folders.js';
import { parseJson } from '../text/json.js';

/**
 * Returns the workspaces of a project: the folders with a `package.json` that its `pnpm-workspace.yaml` names, or else
 * its `package.json`. They are absolute and sorted, without the project's own folder.
 *
 * @param baseDir absolute folder of the project
 * @throws StaticFilesError `settings` if one of the two files cannot be read or is invalid
 * @see https://docs.npmjs.com/cli/configuring-npm/package-json#workspaces
 * @see https://yarnpkg.com/features/workspaces
 * @see https://pnpm.io/pnpm-workspace_yaml
 */
export async function workspaceFolders(baseDir: string): Promise<readonly string[]> {
  const globs = (await pnpmGlobs(baseDir)) ?? npmGlobs(baseDir) ?? [];
  const wanted = globs.filter((glob) => !glob.startsWith('!'));
  if (wanted.length === 0) return [];
  const unwanted = globs.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1));
  const folders = await globFolders(baseDir, wanted, unwanted);
  return folders.filter((folder) => folder !== baseDir && fs.existsSync(path.join(folder, 'package.json')));
}

async function pnpmGlobs(baseDir: string): Promise<readonly string[] | undefined> {
  const file = path.join(baseDir, 'pnpm-workspace.yaml');
  const text = readText(file);
  if (text === undefined) return undefined;
  const { parse } = await import('yaml');
  return globsIn(file, 'packages', property(parsed(file, text, parse), 'packages'));
}

function npmGlobs(baseDir: string): readonly string[] | undefined {
  const file = path.join(baseDir, 'package.json');
  const text = readText(file);
  if (text === undefined) return undefined;
  const workspaces = property(parseJson(text, file), 'workspaces');
  const ofYarn = property(workspaces, 'packages');
  return globsIn(file, 'workspaces', ofYarn ?? workspaces);
}

function readText(file: string): string | undefined {
  if (!fs.existsSync(file)) return undefined;
  try {
    return readRegularFileSync(file)
      .toString()
      .replace(/^\ufeff/, '');
  } catch (error) {
    throw cannotRead('settings', `'${file}'`, error);
  }
}

function parsed(file: string, text: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new StaticFilesError('settings', `Cannot read '${file}': ${describeSystemError(error)}`, {
      cause: error,
    });
  }
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function globsIn(file: string, key: string, globs: unknown): readonly string[] | undefined {
  if (globs === undefined || globs === null) return undefined;
  if (Array.isArray(globs) && globs.every((glob) => typeof glob === 'string')) return globs;
  throw new StaticFilesError('settings', `${file}: ${key}: expected a list of folders and globs of folders.`);
}
