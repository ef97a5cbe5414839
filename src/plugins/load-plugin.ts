import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { StaticFilesError, systemErrorCode } from '../errors.js';
import { nearestName } from '../text/suggest.js';
import {
  defaultExport,
  findModule,
  importModule,
  importProblem,
  isModulePath,
  type ModuleExports,
} from './import-module.js';
import { assertShape, type PluginContext, type PluginFactory, type PluginFamily } from './plugin.js';

/** A plug-in as the settings name it. */
export interface PluginEntry<Plugin> {
  /** A built-in's name, a module path, a package's name, or the plug-in itself. */
  readonly plugin: string | Plugin;
  readonly options?: Readonly<Record<string, unknown>>;
  /** Its key in the settings: `postProcess[0]`. */
  readonly setting: string;
}

/**
 * Returns the plug-in of an entry: finds its factory, calls it, and checks the result.
 *
 * @throws StaticFilesError `plugin` if it is not found, fails or lacks a method; `settings` if its options are invalid
 */
export async function makePlugin<Plugin extends object>(
  { plugin, options = {}, setting }: PluginEntry<Plugin>,
  family: PluginFamily<Plugin>,
  context: PluginContext,
): Promise<Plugin> {
  if (typeof plugin !== 'string') {
    assertShape(plugin, family, `The ${family.noun} in ${setting}`);
    return plugin;
  }
  const subject = `The ${family.noun} '${plugin}' (${setting})`;
  const factory = await factoryOf(plugin, family, context.baseDir, subject);
  const made: unknown = await call(() => factory(options, context), subject);
  assertShape(made, family, subject);
  return made;
}

async function factoryOf<Plugin>(
  name: string,
  family: PluginFamily<Plugin>,
  baseDir: string,
  subject: string,
): Promise<PluginFactory<Plugin>> {
  if (Object.hasOwn(family.builtIns, name)) return family.builtIns[name]!;
  return loadFactory(name, family, baseDir, subject);
}

async function call(make: () => unknown, subject: string): Promise<unknown> {
  try {
    return await make();
  } catch (cause) {
    if (cause instanceof StaticFilesError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new StaticFilesError('plugin', `${subject} failed: ${message}`, { cause });
  }
}

/**
 * Returns the factory that a module or package exports by default.
 *
 * @param subject the plug-in in messages: `The storage './s3.js' (storages.staticfiles.backend)`
 * @param form what its default export must be
 * @throws StaticFilesError `plugin` if it is not found or cannot be loaded
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
  throw new StaticFilesError('plugin', `${subject} must export by default ${form}.`);
}

function existingFile(url: string, subject: string): string {
  const file = fileURLToPath(url);
  if (fs.statSync(file, { throwIfNoEntry: false })?.isFile()) return url;
  throw new StaticFilesError('plugin', `${subject} was not found: there is no file '${file}'.`);
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
    const nearest = missing ? nearestName(name, Object.keys(builtIns)) : undefined;
    const reason = missing ? `no built-in ${noun} and no package has that name` : importProblem(cause);
    const suggestion = nearest === undefined ? '' : ` Did you mean '${nearest}'?`;
    const message = `${subject} was not found from '${baseDir}': ${reason}.${suggestion}`;
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
