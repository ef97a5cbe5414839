import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { StaticFilesError, systemErrorCode } from '../../errors.js';
import { nearestName } from '../checks/nearest-name.js';
import { defaultExport, importModule, importProblem, type ModuleExports } from '../import-module.js';
import type { PluginFactory } from '../settings.js';
import { findModule, isModulePath } from './find-module.js';
import type { PluginFamily } from './plugin-family.js';

/**
 * The factory that is the default export of a module or package.
 *
 * @param subject - how to speak of it: `The storage 's3' (storages.staticfiles.backend)`
 * @param form - what its default export must be
 * @throws {StaticFilesError} `plugin`, saying what was looked for and from where, or why it cannot be loaded
 */
export async function loadFactory<Plugin>(
  name: string,
  family: PluginFamily<Plugin>,
  baseDir: string,
  subject: string,
  form = `a function (options, context) that makes the ${family.noun}`,
): Promise<PluginFactory<Plugin>> {
  const url = isModulePath(name)
    ? existingFile(await findModule(name, baseDir), subject)
    : await findPackage(name, family, baseDir, subject);
  const factory = defaultExport(await load(url, subject));
  if (typeof factory === 'function') return factory as PluginFactory<Plugin>;
  throw new StaticFilesError('plugin', `${subject} must have as its default export ${form}.`);
}

function existingFile(url: string, subject: string): string {
  const file = fileURLToPath(url);
  if (fs.statSync(file, { throwIfNoEntry: false })?.isFile()) return url;
  throw new StaticFilesError('plugin', `${subject} cannot be found: there is no file '${file}'.`);
}

async function findPackage<Plugin>(
  name: string,
  { noun, builtIns }: PluginFamily<Plugin>,
  baseDir: string,
  subject: string,
): Promise<string> {
  try {
    return await findModule(name, baseDir);
  } catch (cause) {
    const missing = systemErrorCode(cause) === 'MODULE_NOT_FOUND';
    const nearest = missing ? await nearestName(name, Object.keys(builtIns)) : undefined;
    const reason = missing ? `no built-in ${noun} and no package has that name` : importProblem(cause);
    const suggestion = nearest === undefined ? '' : ` Did you mean '${nearest}'?`;
    const message = `${subject} cannot be found from '${baseDir}': ${reason}.${suggestion}`;
    throw new StaticFilesError('plugin', message, { cause });
  }
}

async function load(url: string, subject: string): Promise<ModuleExports> {
  try {
    return await importModule(url);
  } catch (cause) {
    throw new StaticFilesError('plugin', `${subject} cannot be loaded: ${importProblem(cause)}`, { cause });
  }
}
