import fs from 'node:fs';
import path from 'node:path';
import { inOtherCase, type NameRules } from '../../files/name-folding.js';
import { writingTarget } from './copy-file.js';
import { temporaryPrefix } from './sweep.js';

/** How a folder compares and keeps the names in it. */
export interface FolderNames extends NameRules {
  /** Whether it lists names in the letter case in which they were made. */
  readonly keepsCase: boolean;
}

const EXACT: FolderNames = { ignoresCase: false, ignoresForm: false, keepsCase: true };

/**
 * Finds out by temporary files. The platform says too little: letter case counts on some volumes of macOS, in some folders
 * of Windows, and not on some mounts of Linux.
 *
 * @param location absolute path of a folder that exists
 * @throws StaticFilesError `target` where it cannot be written to
 */
export function probeNames(location: string): FolderNames {
  return writingTarget(location, () => {
    const folder = fs.mkdtempSync(path.join(location, temporaryPrefix()));
    const at = (name: string) => path.join(folder, name);
    try {
      fs.writeFileSync(at('Aa'), '');
      const ignoresCase = fs.existsSync(at('aA'));
      const keepsCase = fs.readdirSync(folder).includes('Aa');
      return { ignoresCase, ignoresForm: ignoresForm(at), keepsCase };
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });
}

function ignoresForm(at: (name: string) => string): boolean {
  try {
    fs.writeFileSync(at('\u00e9'), '');
  } catch {
    return false; // such names are impossible there
  }
  return fs.existsSync(at('e\u0301'));
}

/**
 * Finds out without writing, for dry runs: by names that exist, in the folder or else in those above it on the same device.
 *
 * @param location absolute path of a folder that need not exist
 */
export function lookAtNames(location: string): FolderNames {
  let ignoresCase = false;
  for (const dir of foldersFrom(location)) {
    const names = namesIn(dir).filter((name) => inOtherCase(name) !== name);
    const [first] = names;
    if (first === undefined) continue;
    ignoresCase ||= isOtherSpelling(dir, first, names);
    if (!ignoresCase) return EXACT;
    const keepsCase = names.some((name) => name !== name.toLowerCase());
    if (keepsCase) return { ignoresCase, ignoresForm: false, keepsCase };
  }
  return { ...EXACT, ignoresCase, keepsCase: !ignoresCase };
}

function isOtherSpelling(dir: string, name: string, names: readonly string[]): boolean {
  const swapped = inOtherCase(name);
  return !names.includes(swapped) && fs.existsSync(path.join(dir, swapped));
}

/** The folder and those above it, as far as they exist and are on the device of the first that does. */
function foldersFrom(location: string): readonly string[] {
  const folders: string[] = [];
  let device: number | undefined;
  for (let dir = location; ; dir = path.dirname(dir)) {
    const found = deviceOf(dir);
    if (device !== undefined && found !== device) return folders;
    device ??= found;
    if (found !== undefined) folders.push(dir);
    if (dir === path.dirname(dir)) return folders;
  }
}

function deviceOf(dir: string): number | undefined {
  try {
    return fs.statSync(dir).dev;
  } catch {
    return undefined; // missing, or out of reach
  }
}

function namesIn(dir: string): readonly string[] {
  try {
    return fs.readdirSync(dir);
  } catch {
    return []; // a folder above that may not be listed says nothing
  }
}
