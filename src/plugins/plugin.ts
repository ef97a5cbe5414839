import { StaticFilesError } from '../errors.js';
import type { OptionsRules } from './options.js';

/** A kind of plug-in. */
export interface PluginFamily<Plugin> {
  /** Its name in messages: `finder`. */
  readonly noun: string;
  readonly builtIns: Readonly<Record<string, PluginFactory<Plugin>>>;
  /** Rules for the options of those built-ins that have options, loaded when needed. */
  readonly optionRules?: Readonly<Record<string, () => Promise<OptionsRules>>>;
  /** The methods that each plug-in must have; `function` if each plug-in is a function. */
  readonly methods: readonly (keyof Plugin & string)[] | 'function';
}

/**
 * Checks that a plug-in has a name and the methods of its family, or that it is a function if the family requires one.
 *
 * @param subject the plug-in in messages: `The finder './finder.js' (staticfilesFinders[0])`
 * @throws StaticFilesError `plugin`, naming what is missing
 */
export function assertShape<Plugin>(
  plugin: unknown,
  { methods }: PluginFamily<Plugin>,
  subject: string,
): asserts plugin is Plugin {
  if (methods === 'function') return assertType(plugin, 'function', subject);
  assertType(plugin, 'object', subject);
  const properties = plugin as Readonly<Record<string, unknown>>;
  const missing = methods.filter((method) => typeof properties[method] !== 'function');
  if (missing.length > 0) {
    const list = missing.join(', ');
    throw new StaticFilesError(
      'plugin',
      `${subject} must have the methods ${methods.join(', ')}; it lacks ${list}.`,
    );
  }
  if (typeof properties.name !== 'string' || properties.name === '') {
    throw new StaticFilesError('plugin', `${subject} must have a name: a string that is shown in messages.`);
  }
}

function assertType(plugin: unknown, type: 'function' | 'object', subject: string): void {
  if (typeof plugin === type && plugin !== null) return;
  const found = plugin === null ? 'null' : typeof plugin;
  throw new StaticFilesError(
    'plugin',
    `${subject} must be ${type === 'object' ? 'an' : 'a'} ${type}, not ${found}.`,
  );
}

/**
 * Calls a plug-in. An error that it throws is wrapped once, with the plug-in's name and the cause. A `StaticFilesError`
 * and the reason of an aborted signal are thrown unchanged.
 *
 * @param plugin kind and name: `storage 'filesystem'`
 */
export async function runPlugin<T>(
  plugin: string,
  call: () => T | Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof StaticFilesError || signal?.aborted) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new StaticFilesError('plugin', `The ${plugin} failed: ${message}`, { cause: error });
  }
}

/** The project that a plug-in is made for. All paths are absolute. */
export interface PluginContext {
  /** Base folder of relative paths in the settings. */
  readonly baseDir: string;
  /** The folder to collect into, unless the storage publishes elsewhere. */
  readonly staticRoot: string;
  /** URL prefix of the static files; ends in `/`. */
  readonly staticUrl: string;
  /** Folder for data that can be computed again. */
  readonly cacheDir: string;
}

/**
 * Default export of a plug-in's module: makes the plug-in from its options.
 *
 * @example
 * ```ts
 * import type { PluginFactory, Processor } from 'staticfiles';
 *
 * const banner: PluginFactory<Processor, { text?: string }> = ({ text = 'built' }) => ({
 *   name: 'banner',
 *   process: (outputs) => [
 *     ...outputs,
 *     { logicalPath: 'build.txt', publicPath: 'build.txt', body: { kind: 'bytes', bytes: Buffer.from(text) } },
 *   ],
 * });
 * export default banner;
 * ```
 */
export type PluginFactory<Plugin, Options = Record<string, unknown>> = (
  options: Options,
  context: PluginContext,
) => Plugin | Promise<Plugin>;
