import fs from 'node:fs';
import path from 'node:path';
import { inOtherCase, type NameRules } from '../../files/name-folding.js';
import { writingTarget } from './copy-file.js';
import { temporaryPrefix } from './sweep.js';

/** How a folder compares and lists names. */
export interface FolderNames extends NameRules {
  /** Whether it lists names in the letter case in which they were created. */
  readonly keepsCase: boolean;
}

const EXACT: FolderNames = { ignoresCase: false, ignoresForm: false, keepsCase: true };

/**
 * Finds out with temporary files how a folder compares names. The platform does not say: letter case matters on some
 * volumes of macOS and in some folders of Windows, and does not on some mounts of Linux.
 *
 * @param folder absolute path of an existing folder
 * @throws StaticFilesError `target` if it cannot be written to
 */
export function probeNames(folder: string): FolderNames {
  return writingTarget(folder, () => {
    const probe = fs.mkdtempSync(path.join(folder, temporaryPrefix()));
    const at = (name: string) => path.join(probe, name);
    try {
      fs.writeFileSync(at('Aa'), '');
      const ignoresCase = fs.existsSync(at('aA'));
      const keepsCase = fs.readdirSync(probe).includes('Aa');
      return { ignoresCase, ignoresForm: ignoresForm(at), keepsCase };
    } finally {
      fs.rmSync(probe, { recursive: true, force: true });
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
 * Finds out without writing, for dry runs, by the existing names in the folder or in those above it on the same device.
 *
 * @param folder absolute path of a folder that may be missing
 */
export function lookAtNames(folder: string): FolderNames {
  let ignoresCase = false;
  for (const dir of foldersFrom(folder)) {
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

/** Returns the folder and those above it, as far as they exist and are on one device. */
function foldersFrom(folder: string): readonly string[] {
  const folders: string[] = [];
  let device: number | undefined;
  for (let dir = folder; ; dir = path.dirname(dir)) {
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
    return []; // a folder above that cannot be listed says nothing
  }
}
