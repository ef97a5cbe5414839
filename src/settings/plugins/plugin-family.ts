import { StaticFilesError } from '../../errors.js';
import type { PluginFactory } from '../settings.js';

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
