import fs from 'node:fs';
import path from 'node:path';
import { onTestFinished, vi } from 'vitest';

/**
 * Has the file system below a folder find names as Windows does, until the test is over: in any letter case, with dots
 * and spaces at the end, by short names (`_ENV~1.LOC`), and with the name of the stream that a file's bytes are in.
 */
export function foldNames(folder: string, shortNames: Readonly<Record<string, string>> = {}): void {
  const { existsSync, statSync } = fs;
  const { native } = fs.realpathSync;
  const { realpath } = fs.promises;
  const list = fs.readdirSync;

  const onDisk = (asked: fs.PathLike): string => {
    const relative = path.relative(folder, String(asked));
    if (relative.startsWith('..')) return String(asked);
    let found = folder;
    for (const name of relative === '' ? [] : relative.split(path.sep)) {
      const meant = shortNames[name.toUpperCase()] ?? name.replace(/::\$DATA$/i, '').replace(/[. ]+$/, '');
      const names = statSync(found, { throwIfNoEntry: false })?.isDirectory() ? list(found) : [];
      found = path.join(found, names.find((each) => isSame(each, meant)) ?? name);
    }
    return found;
  };

  const spies = [
    vi.spyOn(fs, 'existsSync').mockImplementation((asked) => existsSync(onDisk(asked))),
    vi
      .spyOn(fs, 'statSync')
      .mockImplementation(((asked: fs.PathLike, options?: fs.StatSyncOptions) =>
        statSync(onDisk(asked), options)) as typeof fs.statSync),
    vi
      .spyOn(fs.realpathSync, 'native')
      .mockImplementation(((asked: fs.PathLike) => native(onDisk(asked))) as typeof fs.realpathSync.native),
    vi
      .spyOn(fs.promises, 'realpath')
      .mockImplementation(((asked: fs.PathLike) => realpath(onDisk(asked))) as typeof fs.promises.realpath),
  ];
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore();
  });
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
