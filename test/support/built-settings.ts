import { DEFAULT_IGNORE, type Finder } from '../../src/finders/finder.js';
import type { StaticFile } from '../../src/model/static-file.js';
import type { Settings } from '../../src/settings/settings.js';
import { filesystemStorage } from '../../src/storages/filesystem/filesystem.js';
import type { Project } from './project.js';

/** Settings as the stages take them, with a finder of fixed files: logical path → path in the project. */
export function builtSettings(
  project: Project,
  files: Readonly<Record<string, string>>,
  changes: Partial<Settings> = {},
): Settings {
  const context = {
    baseDir: project.dir,
    staticRoot: project.path('root'),
    staticUrl: '/static/',
    cacheDir: project.path('cache'),
  };
  return {
    ...context,
    finders: [fixedFinder(project, files)],
    storage: filesystemStorage({}, context),
    processors: [],
    manifest: { name: 'staticfiles.json' },
    ignore: [],
    defaultIgnore: DEFAULT_IGNORE,
    conflicts: 'allow',
    warnings: [],
    ...changes,
  };
}

/** A finder that lists the files it was given. */
export function fixedFinder(project: Project, files: Readonly<Record<string, string>>): Finder {
  const root = { dir: project.dir, prefix: '', setting: 'test', vendor: false };
  const list: StaticFile[] = Object.entries(files).map(([logicalPath, source]) => ({
    logicalPath,
    sourcePath: project.path(source),
    root,
  }));
  return {
    name: 'fixed',
    roots: () => [root],
    list: () => list,
    find: (logicalPath) => list.filter((file) => file.logicalPath === logicalPath),
    explain: () => undefined,
  };
}
