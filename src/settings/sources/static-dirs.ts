import fs from 'node:fs';
import path from 'node:path';
import type { InferOutput } from 'valibot';
import { isVendor } from '../../finders/npm-package.js';
import { isSameFolder } from '../../same-folder.js';
import type { SearchRoot } from '../../static-file.js';
import { readRunNote } from '../../storages/filesystem/run-note.js';
import type { CheckMessage } from '../checks/check-message.js';
import { directoryState } from '../checks/directory-state.js';
import { checkPrefix } from '../checks/prefix.js';
import { staticFilesDir } from '../checks/schema.js';
import { DEFAULT_STATIC_DIR } from '../checks/static-root.js';
import { validate } from '../checks/validate.js';
import type { CheckedRoots } from './checked-roots.js';

/** The folders of `staticfilesDirs`, each once; those that do not exist too, as they may still come. */
export async function staticDirs(entries: readonly unknown[], baseDir: string): Promise<CheckedRoots> {
  const checked = await Promise.all(
    entries.map((entry, index) => checkEntry(entry, `staticfilesDirs[${index}]`, baseDir)),
  );
  return {
    roots: withoutDuplicates(checked.flatMap(({ roots }) => roots)),
    messages: checked.flatMap(({ messages }) => messages),
  };
}

/**
 * `static` of the project, if it exists. It is a source for every check too, unless it is the destination itself and holds
 * nothing that could be one: it is empty, or a run has published there.
 */
export function defaultStaticDirs(baseDir: string, staticRoot: string): readonly SearchRoot[] {
  const dir = path.join(baseDir, 'static');
  if (directoryState(dir) !== 'directory') return [];
  if (isSameFolder(dir, staticRoot) && (isEmpty(dir) || readRunNote(dir) !== undefined)) return [];
  return [{ dir, prefix: '', setting: DEFAULT_STATIC_DIR, vendor: false }];
}

/** `.gitkeep` and the like keep an empty folder in a repository. What may not be listed may hold anything. */
function isEmpty(dir: string): boolean {
  try {
    return fs.readdirSync(dir).every((name) => name.startsWith('.'));
  } catch {
    return false;
  }
}

async function checkEntry(entry: unknown, setting: string, baseDir: string): Promise<CheckedRoots> {
  const { value, messages } = await validate(staticFilesDir, entry, setting);
  if (messages !== undefined)
    return { roots: [], messages: messages.map((message) => ({ ...message, code: 'E004' })) };
  const [prefix, given] = prefixAndDir(value);
  const dir = path.resolve(baseDir, given);
  const vendor = isVendor(dir);
  return {
    roots: [{ dir, prefix, setting, vendor }],
    messages: [...checkPrefix(prefix, 'staticfilesDirs'), ...checkDirectory(dir)],
  };
}

function prefixAndDir(entry: InferOutput<typeof staticFilesDir>): readonly [prefix: string, dir: string] {
  if (typeof entry === 'string') return ['', entry];
  return 'dir' in entry ? [entry.prefix ?? '', entry.dir] : entry;
}

function checkDirectory(dir: string): readonly CheckMessage[] {
  const state = directoryState(dir);
  const subject = `The directory '${dir}' in the staticfilesDirs setting`;
  if (state === 'directory') return [];
  if (state === 'missing') return [{ code: 'W004', message: `${subject} does not exist.` }];
  return [{ code: 'E009', message: `${subject} cannot be searched: ${state.problem}.` }];
}

function withoutDuplicates(roots: readonly SearchRoot[]): readonly SearchRoot[] {
  return roots.filter(
    ({ dir, prefix }, index) =>
      index === roots.findIndex((root) => root.dir === dir && root.prefix === prefix),
  );
}
