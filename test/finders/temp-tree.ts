import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** Text of a file, or target of a link. */
type Entry = string | { readonly link: string };

/** Makes files and links in a temporary folder, which is deleted after the test. Paths that end in `/` are folders. */
export function tempTree(entries: Readonly<Record<string, Entry>> = {}): string {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'finders-')));
  onTestFinished(() => fs.rmSync(root, { recursive: true }));
  for (const [relativePath, entry] of Object.entries(entries)) make(path.join(root, relativePath), entry);
  return root;
}

function make(target: string, entry: Entry): void {
  fs.mkdirSync(target.endsWith('/') ? target : path.dirname(target), { recursive: true });
  if (typeof entry !== 'string') fs.symlinkSync(entry.link, target);
  else if (!target.endsWith('/')) fs.writeFileSync(target, entry);
}
