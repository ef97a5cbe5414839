import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** How a file system that ignores letter case behaves otherwise. */
export interface CaseRules {
  /** Whether it lists names as they were made; else in lower case, as NTFS-3G with `ignore_case` does. */
  readonly keepsCase?: boolean;
  /** Whether a rename changes the letter case, as on macOS and Windows; Linux takes both names for one file. */
  readonly renamesCase?: boolean;
}

type AnyFunction = (...args: unknown[]) => unknown;

/** Functions that take one path, and where it is among their arguments. */
const ONE_PATH = [
  ...[
    'lstatSync',
    'statSync',
    'existsSync',
    'openSync',
    'readFileSync',
    'writeFileSync',
    'readdirSync',
    'mkdirSync',
  ],
  ...[
    'mkdtempSync',
    'rmSync',
    'rmdirSync',
    'unlinkSync',
    'utimesSync',
    'chmodSync',
    'readlinkSync',
    'opendirSync',
  ],
];

/** Makes a folder ignore letter case and Unicode form until the test is over. */
export function ignoreCase(folder: string, { keepsCase = true, renamesCase = true }: CaseRules = {}): void {
  const original = { ...fs };
  const originalReadFile = fs.promises.readFile;
  const changed = fs as unknown as Record<string, AnyFunction>;
  const fold = (name: string) => name.normalize('NFC').toLowerCase();

  const isBelow = (place: string) => place.startsWith(`${folder}${path.sep}`);

  /** The path by which the real file system has it. */
  function actual(place: string): string {
    if (!isBelow(place)) return place;
    return path
      .relative(folder, place)
      .split(path.sep)
      .reduce((dir, name) => path.join(dir, listedName(dir, name) ?? made(name)), folder);
  }

  /** Descriptors and URLs stay as they are. */
  const actualOf = (place: unknown) => (typeof place === 'string' ? actual(place) : place);

  function made(name: string): string {
    return keepsCase ? name : name.toLowerCase();
  }

  function listedName(dir: string, name: string): string | undefined {
    try {
      return original.readdirSync(dir).find((each) => fold(each) === fold(name));
    } catch {
      return undefined;
    }
  }

  function renameSync(from: string, to: string): void {
    const [old, target] = [actual(from), actual(to)];
    if (old !== target) original.renameSync(old, target);
    if (renamesCase && isBelow(to))
      original.renameSync(target, path.join(path.dirname(target), made(path.basename(to))));
  }

  for (const name of ONE_PATH) {
    const call = original[name as 'statSync'] as unknown as AnyFunction;
    changed[name] = (place, ...rest) => call(actualOf(place), ...rest);
  }
  changed.symlinkSync = (target, place) => original.symlinkSync(target as string, actual(place as string));
  changed.renameSync = renameSync as AnyFunction;
  fs.promises.readFile = ((place: string, ...rest: []) =>
    originalReadFile(actualOf(place) as string, ...rest)) as typeof originalReadFile;
  syncBuiltinESMExports();
  onTestFinished(() => {
    for (const name of [...ONE_PATH, 'symlinkSync', 'renameSync'])
      changed[name] = original[name as 'statSync'] as unknown as AnyFunction;
    fs.promises.readFile = originalReadFile;
    syncBuiltinESMExports();
  });
}
