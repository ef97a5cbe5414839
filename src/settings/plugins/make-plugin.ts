import { StaticFilesError } from '../../errors.js';
import type { PluginContext, PluginFactory } from '../settings.js';
import { assertShape, type PluginFamily } from './plugin-family.js';

/** A plug-in as the settings give it. */
export interface PluginEntry<Plugin> {
  /** A built-in's name, a module path, a package's name, or the plug-in itself. */
  readonly plugin: string | Plugin;
  readonly options?: Readonly<Record<string, unknown>>;
  /** Where it stands: `postProcess[0]`. */
  readonly setting: string;
}

/**
 * Puts a plug-in in place: finds its factory, calls it, looks at what it made.
 *
 * @throws {StaticFilesError} `plugin`, saying what was looked for and from where, or what the plug-in lacks;
 *   `settings`, where the plug-in does not take its options
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
  // Loaded when needed: most projects have no plug-ins of their own.
  const { loadFactory } = await import('./plugin-factory.js');
  return loadFactory(name, family, baseDir, subject);
}

async function call(make: () => unknown, subject: string): Promise<unknown> {
  try {
    return await make();
  } catch (cause) {
    if (cause instanceof StaticFilesError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new StaticFilesError('plugin', `${subject} cannot be made: ${message}`, { cause });
  }
}
