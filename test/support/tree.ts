import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** What to make at a path. */
type TreeNode =
  | string
  | { readonly text: string; readonly mode?: number; readonly mtime?: number }
  | { readonly link: string }
  | { readonly folder: true; readonly mode?: number }
  | { readonly fifo: true };

/** POSIX paths and what stands there. */
export type TreeInput = Readonly<Record<string, TreeNode>>;

/** What stands at a path. */
export interface TreeEntry {
  /** `''` for a dangling link. */
  readonly text: string;
  /** Octal, `644`; none for a link. */
  readonly mode?: string;
  /** Where a link points. */
  readonly link?: string;
}

/** Sources are dated like this unless a test says otherwise: seconds since 1970. */
export const SOURCE_TIME = Date.UTC(2020, 0, 1) / 1000;

/** Makes files, links and folders below a folder. */
export function writeTree(dir: string, tree: TreeInput): void {
  for (const [name, node] of Object.entries(tree)) {
    const target = path.join(dir, name);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    writeNode(target, node);
  }
}

function writeNode(target: string, node: TreeNode): void {
  if (typeof node === 'string') writeNode(target, { text: node });
  else if ('link' in node) fs.symlinkSync(node.link, target);
  else if ('fifo' in node) execFileSync('mkfifo', [target]);
  else if ('folder' in node) {
    fs.mkdirSync(target, { recursive: true });
    if (node.mode !== undefined) fs.chmodSync(target, node.mode);
  } else {
    fs.writeFileSync(target, node.text);
    fs.utimesSync(target, node.mtime ?? SOURCE_TIME, node.mtime ?? SOURCE_TIME);
    if (node.mode !== undefined) fs.chmodSync(target, node.mode);
  }
}

/** What the storage notes at a destination; its text is another one after each run. */
const RUN_NOTE = '.staticfiles-run.json';

/** Reads a folder back, without the storage's note; a folder that is not there is an empty one. Links are not followed. */
export function readTree(dir: string): { entries: Record<string, TreeEntry>; emptyFolders: string[] } {
  // Pairs: a file may be called __proto__.
  const entries: [string, TreeEntry][] = [];
  const emptyFolders: string[] = [];
  const visit = (folder: string) => {
    const children = fs.readdirSync(path.join(dir, folder), { withFileTypes: true });
    if (children.length === 0 && folder !== '') emptyFolders.push(folder);
    for (const child of children) {
      const name = path.posix.join(folder, child.name);
      if (name === RUN_NOTE) continue;
      if (child.isDirectory()) visit(name);
      else entries.push([name, readEntry(path.join(dir, name))]);
    }
  };
  if (fs.existsSync(dir)) visit('');
  return { entries: Object.fromEntries(entries.sort(byName)), emptyFolders };
}

function readEntry(file: string): TreeEntry {
  const stats = fs.lstatSync(file);
  const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  if (stats.isSymbolicLink()) return { text, link: fs.readlinkSync(file) };
  return { text, mode: (stats.mode & 0o7777).toString(8) };
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}
