import path from 'node:path';
import type { SourceFolders } from '../built-ins.js';
import { type Plugins, rootsOf } from '../plugins/plugins.js';
import type { PluginContext, UserSettings } from '../settings.js';
import type { CheckMessage } from './check-message.js';
import { checkDestination, checkSources, type Destination, type Surroundings } from './static-root.js';
import { checkUrls } from './urls.js';

/**
 * Whence a value came that is not from the settings themselves, in words for messages:
 * `{ staticUrl: 'the environment variable STATIC_URL' }`.
 */
export type Origins = Readonly<Partial<Record<'staticRoot' | 'staticUrl' | 'cacheDir', string>>>;

/** Settings that are well-formed, and what was made of them. */
export interface Project {
  readonly settings: UserSettings;
  readonly context: PluginContext;
  readonly folders: SourceFolders;
  readonly origins: Origins;
}

/** The checks that need no plug-ins. docs/checks.md lists them. */
export function checkProject(project: Project): readonly CheckMessage[] {
  const { settings, context, origins } = project;
  return [
    ...checkFinderNames(settings.staticfilesFinders ?? []),
    ...checkUrls(context.staticUrl, settings.mediaUrl, subjectOf('staticUrl', origins)),
    ...checkDestination(destinationOf(project), surroundingsOf(project)),
  ];
}

/** The same checks of what is known only when the plug-ins are made: their folders, and where the storage stores. */
export function checkPlugins({ finders, storage }: Plugins, project: Project): readonly CheckMessage[] {
  const destination = destinationOf(project);
  const surroundings = surroundingsOf(project);
  const others = finders.flatMap(rootsOf).filter((root) => !surroundings.roots.includes(root));
  const messages = checkSources(destination, others);
  const dir = storage.location;
  if (dir === undefined || dir === destination.dir) return messages;
  const location = { dir, subject: `The location of the storage '${storage.name}'` };
  return [
    ...messages,
    ...checkDestination(location, { ...surroundings, roots: [...surroundings.roots, ...others] }),
  ];
}

function destinationOf({ context, origins }: Project): Destination {
  return { dir: context.staticRoot, subject: subjectOf('staticRoot', origins) };
}

function surroundingsOf({ settings, context, folders }: Project): Surroundings {
  const { baseDir, cacheDir } = context;
  const mediaRoot = settings.mediaRoot && path.resolve(baseDir, settings.mediaRoot);
  return { baseDir, cacheDir, mediaRoot, roots: [...folders.staticfilesDirs, ...folders.apps] };
}

function subjectOf(name: keyof Origins, origins: Origins): string {
  const origin = origins[name];
  return `The ${name} setting${origin === undefined ? '' : ` (${origin})`}`;
}

function checkFinderNames(finders: readonly unknown[]): readonly CheckMessage[] {
  const twice = finders.filter((finder, index) => finders.indexOf(finder) < index);
  return [...new Set(twice)].map((finder) => {
    const name = typeof finder === 'string' ? `'${finder}'` : 'a finder';
    return { code: 'E019', message: `The staticfilesFinders setting has ${name} more than once.` };
  });
}
