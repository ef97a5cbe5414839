import { homeFolder } from '../../cache/cache-dir.js';
import { isInFolder, isSameFolder } from '../../files/same-folder.js';
import { directoryState } from '../../files/system-path.js';
import type { SearchRoot } from '../../model/static-file.js';
import type { CheckMessage } from './message.js';

/** The `setting` of the folder that is searched where `staticfilesDirs` is left out. */
export const DEFAULT_STATIC_DIR = 'staticfilesDirs (default)';

/** The folder that is collected into, and how to speak of it: `The staticRoot setting`. */
export interface Destination {
  readonly dir: string;
  readonly subject: string;
}

/** What a destination must keep clear of. All paths are absolute. */
export interface Surroundings {
  readonly baseDir: string;
  readonly cacheDir: string;
  readonly mediaRoot: string | undefined;
  readonly roots: readonly SearchRoot[];
}

/** What is wrong with the place of a destination. A folder that must not be touched at all is told by one message. */
export function checkDestination(
  destination: Destination,
  surroundings: Surroundings,
): readonly CheckMessage[] {
  const unusable = checkItself(destination, surroundings.baseDir);
  if (unusable.length > 0) return unusable;
  return [...checkSources(destination, surroundings.roots), ...checkNeighbours(destination, surroundings)];
}

/** Whether the destination and the folders that are searched keep out of each other's way. */
export function checkSources(
  destination: Destination,
  roots: readonly SearchRoot[],
): readonly CheckMessage[] {
  const { dir } = destination;
  return roots.flatMap((root) => {
    if (isSameFolder(root.dir, dir)) return [sameFolder(destination, root)];
    if (isInFolder(root.dir, dir)) return [holdsSource(destination, root)];
    return isInFolder(dir, root.dir) ? [insideSource(destination, root)] : [];
  });
}

/** A mistake here would overwrite a whole project, or a home. */
function checkItself({ dir, subject }: Destination, baseDir: string): readonly CheckMessage[] {
  const state = directoryState(dir);
  if (typeof state === 'object') {
    return [{ code: 'E013', message: `${subject}, '${dir}', cannot be collected into: ${state.problem}.` }];
  }
  const home = homeFolder();
  const precious = [
    { name: "the project's folder", dir: baseDir },
    ...(home === undefined ? [] : [{ name: 'the home folder', dir: home }]),
  ].find((folder) => isInFolder(folder.dir, dir));
  if (precious === undefined) return [];
  const message = `${subject}, '${dir}', must not be or hold ${precious.name}, '${precious.dir}'.`;
  return [{ code: 'E014', message, hint: "Name a folder of its own, such as 'staticfiles'." }];
}

function checkNeighbours(
  { dir, subject }: Destination,
  { mediaRoot, cacheDir }: Surroundings,
): readonly CheckMessage[] {
  const messages: CheckMessage[] = [];
  if (mediaRoot !== undefined && overlap(mediaRoot, dir)) {
    const rule = 'must be two folders of which neither holds the other';
    messages.push({
      code: 'E012',
      message: `${subject}, '${dir}', and the mediaRoot setting, '${mediaRoot}', ${rule}.`,
    });
  }
  if (isInFolder(cacheDir, dir)) {
    messages.push({
      code: 'E016',
      message: `${subject}, '${dir}', must not hold the cacheDir setting, '${cacheDir}'.`,
    });
  }
  return messages;
}

function overlap(a: string, b: string): boolean {
  return isInFolder(a, b) || isInFolder(b, a);
}

function sameFolder({ dir, subject }: Destination, root: SearchRoot): CheckMessage {
  if (root.setting === DEFAULT_STATIC_DIR) {
    return {
      code: 'E002',
      message: `${subject}, '${dir}', is the folder of the project's own static files, which is collected from by default.`,
      hint: 'Name another folder, such as \'staticfiles\'. If no file in it is a source, write "staticfilesDirs": [].',
    };
  }
  if (root.setting.startsWith('staticfilesDirs') && subject.startsWith('The staticRoot setting')) {
    return {
      code: 'E002',
      message: 'The staticfilesDirs setting should not contain the staticRoot setting.',
    };
  }
  return {
    code: 'E002',
    message: `${subject}, '${dir}', should not be a source directory (${root.setting}).`,
  };
}

function holdsSource({ dir, subject }: Destination, root: SearchRoot): CheckMessage {
  const message = `${subject}, '${dir}', must not hold the source directory '${root.dir}' (${root.setting}).`;
  return { code: 'E015', message };
}

function insideSource({ dir, subject }: Destination, root: SearchRoot): CheckMessage {
  const place = `the source directory '${root.dir}' (${root.setting})`;
  return {
    code: 'W017',
    message: `${subject}, '${dir}', lies inside ${place}; it is passed over while collecting.`,
  };
}
