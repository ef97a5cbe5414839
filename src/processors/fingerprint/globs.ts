/** Which folders have files of one owner only. */
export interface FolderOwners<Owner> {
  /**
   * Returns globs that match some files of an owner and no file of another one. A folder without files of others is one
   * glob, `lit/**`; any other file is named.
   */
  globsFor(logicalPaths: readonly string[], owner: Owner): readonly string[];
}

/**
 * Finds out which folders have files of one owner only, such as an npm package.
 *
 * @param files all files with an owner. Globs may match other files too
 * @example
 * folderOwners([['lit/a.js', 'lit'], ['lit/b.js', 'lit'], ['app.js', 'own']]).globsFor(['lit/a.js'], 'lit'); // ['lit/**']
 */
export function folderOwners<Owner>(
  files: Iterable<readonly [logicalPath: string, owner: Owner]>,
): FolderOwners<Owner> {
  const owners = new Map<string, Owner | undefined>();
  for (const [logicalPath, owner] of files) {
    for (const folder of foldersAbove(logicalPath))
      owners.set(folder, owners.has(folder) && owners.get(folder) !== owner ? undefined : owner);
  }
  return {
    globsFor(logicalPaths, owner) {
      const globs = logicalPaths.map((logicalPath) => {
        const folder = foldersAbove(logicalPath).find((each) => owners.get(each) === owner);
        return folder === undefined ? escaped(logicalPath) : `${escaped(folder)}/**`;
      });
      return [...new Set(globs)];
    },
  };
}

/** Returns the folders that a file is in, the outermost first: `a`, `a/b` for `a/b/c.js`. */
function foldersAbove(logicalPath: string): string[] {
  const names = logicalPath.split('/').slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}

/** Escapes the characters that mean something in a glob. */
function escaped(path: string): string {
  return path.replace(/[\\*?[\](){}!+|]/g, '\\$&');
}
