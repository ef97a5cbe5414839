import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { runInSlices } from '../concurrency/time-slice.js';
import { realPath } from '../files/system-path.js';

export interface PollFoldersOptions {
  /** Absolute folders that are left out. */
  readonly exclude: readonly string[];
  /** Called with each path at which a file or folder has come, gone or changed. */
  onEvent(systemPath: string): void;
  /** Called if polling ends by a defect. */
  onError(error: unknown): void;
}

const REST_MS = 300;

/**
 * Compares everything in folders with what was there before, again and again, for file systems that report no changes.
 *
 * @param folders absolute paths, which need not exist
 * @returns a function that stops it, once everything was seen for the first time
 */
export async function pollFolders(
  folders: readonly string[],
  { exclude, onEvent, onError }: PollFoldersOptions,
): Promise<() => void> {
  const ended = new AbortController();
  const { signal } = ended;
  const look = () => runInSlices(statesIn(folders, exclude), signal);
  comparing(await look()).catch((error) => {
    if (!signal.aborted) onError(error);
  });
  return () => ended.abort();

  async function comparing(first: States): Promise<never> {
    for (let before = first; ; ) {
      await pause(REST_MS, undefined, { signal });
      const now = await look();
      for (const [systemPath, state] of now) if (before.get(systemPath) !== state) onEvent(systemPath);
      for (const systemPath of before.keys()) if (!now.has(systemPath)) onEvent(systemPath);
      before = now;
    }
  }
}

/** What `stat` shows of each file and folder, by path. */
type States = ReadonlyMap<string, string>;

function* statesIn(folders: readonly string[], exclude: readonly string[]): Generator<void, States> {
  const states = new Map<string, string>();
  const excluded = new Set(exclude.map(realPath));
  for (const folder of folders) yield* addStates(folder, [], excluded, states);
  return states;
}

/** @param above the real paths of the folders above, to which a link may point back */
function* addStates(
  systemPath: string,
  above: readonly string[],
  excluded: ReadonlySet<string>,
  states: Map<string, string>,
): Generator<void> {
  yield;
  const stats = statIfAny(systemPath);
  if (stats === undefined) return;
  if (!stats.isDirectory()) {
    states.set(systemPath, `${stats.ino} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}`);
    return;
  }
  const real = realPath(systemPath);
  if (above.includes(real) || excluded.has(real)) return;
  states.set(systemPath, 'folder');
  for (const name of namesIn(systemPath))
    yield* addStates(path.join(systemPath, name), [...above, real], excluded, states);
}

function statIfAny(systemPath: string): fs.Stats | undefined {
  try {
    return fs.statSync(systemPath, { throwIfNoEntry: false });
  } catch {
    return undefined; // the finders report it
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return []; // the finders report it
  }
}
