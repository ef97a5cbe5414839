import { homeFolder } from '../../cache/cache-dir.js';
import type { SettingsProblem } from '../../errors.js';
import { isInFolder, isSameFolder } from '../../files/same-folder.js';
import { directoryState } from '../../files/system-path.js';
import type { SearchRoot } from '../../model/static-file.js';

/** The `setting` of the folder that is searched if `staticfilesDirs` is left out. */
export const DEFAULT_STATIC_DIR = 'staticfilesDirs (default)';

/** A folder to publish to, and the key that names it. */
export interface Destination {
  readonly dir: string;
  readonly key: string;
}

/** The folders that a destination must not overlap. All paths are absolute. */
export interface Surroundings {
  readonly baseDir: string;
  readonly cacheDir: string;
  readonly mediaRoot: string | undefined;
  readonly roots: readonly SearchRoot[];
}

/** Returns the problems of a destination; only one for a folder that must not be touched at all. */
export function checkDestination(
  destination: Destination,
  surroundings: Surroundings,
): readonly SettingsProblem[] {
  const unusable = checkItself(destination, surroundings.baseDir);
  if (unusable.length > 0) return unusable;
  return [...checkSources(destination, surroundings.roots), ...checkNeighbours(destination, surroundings)];
}

/** Returns the search roots that overlap the destination, as problems. */
export function checkSources(
  destination: Destination,
  roots: readonly SearchRoot[],
): readonly SettingsProblem[] {
  const { dir } = destination;
  return roots.flatMap((root) => {
    if (isSameFolder(root.dir, dir)) return [sameFolder(destination, root)];
    if (isInFolder(root.dir, dir)) return [holdsSource(destination, root)];
    return isInFolder(dir, root.dir) ? [insideSource(destination, root)] : [];
  });
}

/** A mistake here would overwrite a whole project, or a home. */
function checkItself({ dir, key }: Destination, baseDir: string): readonly SettingsProblem[] {
  const state = directoryState(dir);
  if (typeof state === 'object') {
    return [{ code: 'E013', key, message: `cannot publish to '${dir}': ${state.problem}.` }];
  }
  const home = homeFolder();
  const precious = [
    { name: 'the project folder', dir: baseDir },
    ...(home === undefined ? [] : [{ name: 'the home folder', dir: home }]),
  ].find((folder) => isInFolder(folder.dir, dir));
  if (precious === undefined) return [];
  const message = `'${dir}' must not be or contain ${precious.name}, '${precious.dir}'.`;
  return [{ code: 'E014', key, message, hint: "Use a separate folder, such as 'staticfiles'." }];
}

function checkNeighbours(
  { dir, key }: Destination,
  { mediaRoot, cacheDir }: Surroundings,
): readonly SettingsProblem[] {
  const problems: SettingsProblem[] = [];
  if (mediaRoot !== undefined && overlap(mediaRoot, dir)) {
    const message = `'${dir}' and mediaRoot, '${mediaRoot}', must not be or contain each other.`;
    problems.push({ code: 'E012', key, message });
  }
  if (isInFolder(cacheDir, dir)) {
    problems.push({ code: 'E016', key, message: `'${dir}' must not contain cacheDir, '${cacheDir}'.` });
  }
  return problems;
}

function overlap(a: string, b: string): boolean {
  return isInFolder(a, b) || isInFolder(b, a);
}

function sameFolder({ dir, key }: Destination, root: SearchRoot): SettingsProblem {
  if (root.setting === DEFAULT_STATIC_DIR) {
    const message = `'${dir}' is the folder of the project's own static files, which are collected by default.`;
    const hint = `Use another folder, such as 'staticfiles'. If no file in it is a source, set "staticfilesDirs": [].`;
    return { code: 'E002', key, message, hint };
  }
  const message = `'${dir}' is also a search root (${root.setting}).`;
  return { code: 'E002', key, message, hint: "Use a separate folder, such as 'staticfiles'." };
}

function holdsSource({ dir, key }: Destination, root: SearchRoot): SettingsProblem {
  return {
    code: 'E015',
    key,
    message: `'${dir}' must not contain the search root '${root.dir}' (${root.setting}).`,
  };
}

function insideSource({ dir, key }: Destination, root: SearchRoot): SettingsProblem {
  const message = `'${dir}' is inside the search root '${root.dir}' (${root.setting}), and is not searched.`;
  return { code: 'W017', key, message };
}
