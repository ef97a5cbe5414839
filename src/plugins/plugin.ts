import { StaticFilesError } from '../errors.js';

/** A kind of plug-in: what is built in, and what every one of them must have. */
export interface PluginFamily<Plugin> {
  /** As people call it: `finder`. */
  readonly noun: string;
  readonly builtIns: Readonly<Record<string, PluginFactory<Plugin>>>;
  /** `function` where they are functions: these have neither a name nor methods. */
  readonly methods: readonly (keyof Plugin & string)[] | 'function';
}

/**
 * Makes sure that a plug-in has a name and its family's methods, or is a function where those are.
 *
 * @param subject - how to speak of it: `The finder './finder.js' (staticfilesFinders[0])`
 * @throws {StaticFilesError} `plugin`, naming what is missing
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
    throw new StaticFilesError('plugin', `${subject} must have a name, a string that people are shown.`);
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
 * Runs a call into a plug-in. What it throws is wrapped once, with its name and the cause; errors that are meant
 * for people already, and the reason of an aborted signal, pass through.
 *
 * @param plugin as a person would know it: `storage 'filesystem'`
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

/** What a plug-in's factory is told about the project. All paths are absolute. */
export interface PluginContext {
  /** The folder from which relative paths in the settings hang. */
  readonly baseDir: string;
  readonly staticRoot: string;
  readonly staticUrl: string;
  readonly cacheDir: string;
}

/** What a plug-in's module exports by default: makes the plug-in of its options. */
export type PluginFactory<Plugin, Options = Record<string, unknown>> = (
  options: Options,
  context: PluginContext,
) => Plugin | Promise<Plugin>;
