import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterFile } from './after-file.js';
import { readTree, type TreeEntry, type TreeInput, writeTree } from './tree.js';

/** A fresh project in a folder of its own, removed after the tests of the file. */
export interface Project {
  /** Absolute path of the project; shown as `{TMP}` in the outputs of its commands. */
  readonly dir: string;
  /** Absolute path of the folder that stands for the user's home and holds the user's cache. */
  readonly home: string;
  /** Absolute path of something in the project. */
  path(...parts: string[]): string;
  /** Adds or replaces files. */
  write(tree: TreeInput): void;
  /** Writes staticfiles.config.json. */
  settings(settings: unknown): void;
  /** Files and links below a folder, by path; in where links point, the project is `{TMP}`. */
  tree(folder?: string): Record<string, TreeEntry>;
  /** Text of the files below a folder, by path. */
  texts(folder?: string): Record<string, string>;
  /** Folders below a folder that hold nothing. */
  emptyFolders(folder?: string): string[];
}

/** What a run leaves at the destination, by which a later one knows that the files there are published. */
export const PUBLISHED = { 'root/.staticfiles-run.json': '{"run":"b7c1"}' };

/** Settings that most tests start from. */
export const SETTINGS = { staticRoot: 'root', staticUrl: '/static/', staticfilesDirs: ['static'] };

/** In memory where the system has such: the tests make many small files. */
const TEMPORARY = fs.existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir();

/** Makes a project of a tree, with {@link SETTINGS} unless told otherwise. */
export function newProject(tree: TreeInput, settings: unknown = SETTINGS): Project {
  const top = fs.realpathSync(fs.mkdtempSync(path.join(TEMPORARY, 'staticfiles-test-')));
  afterFile(() => fs.rmSync(top, { recursive: true, force: true }));
  const project = openProject(path.join(top, 'project'), path.join(top, 'home'));
  project.settings(settings);
  project.write(tree);
  return project;
}

function openProject(dir: string, home: string): Project {
  fs.mkdirSync(dir);
  fs.mkdirSync(home);
  const at = (...parts: string[]) => path.join(dir, ...parts);
  return {
    dir,
    home,
    path: at,
    write: (tree) => writeTree(dir, tree),
    settings: (settings) =>
      fs.writeFileSync(at('staticfiles.config.json'), `${JSON.stringify(settings, null, 2)}\n`),
    tree: (folder = 'root') => shownLinks(readTree(at(folder)).entries, dir),
    texts: (folder = 'root') => textsOf(readTree(at(folder)).entries),
    emptyFolders: (folder = 'root') => readTree(at(folder)).emptyFolders,
  };
}

function textsOf(entries: Record<string, TreeEntry>): Record<string, string> {
  return Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, entry.text]));
}

function shownLinks(entries: Record<string, TreeEntry>, dir: string): Record<string, TreeEntry> {
  const shown = ({ link, ...entry }: TreeEntry): TreeEntry =>
    link === undefined ? entry : { ...entry, link: link.replace(dir, '{TMP}') };
  return Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, shown(entry)]));
}
