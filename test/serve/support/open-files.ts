import fs from 'node:fs';

/** Returns the files below a folder that this process has open. */
export function openFiles(folder: string): string[] {
  return fs.readdirSync('/proc/self/fd').flatMap((descriptor) => {
    const link = `/proc/self/fd/${descriptor}`;
    // The descriptor of the listing itself is closed by now.
    const target = fs.lstatSync(link, { throwIfNoEntry: false }) ? fs.readlinkSync(link) : '';
    return target.startsWith(folder) ? [target] : [];
  });
}
