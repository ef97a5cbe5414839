import { escapeUTF8 } from 'entities';
import type { FindContext, Finder } from '../../finders/finder.js';
import { sortedByCodePoint } from '../../text/code-points.js';

/** Makes a page of what is in a folder of static files; `undefined` where there is no such folder. */
export type ListFolder = (folder: string) => Promise<string | undefined>;

/** Lists folders as the finders see them: all that a run would collect, from whatever place. */
export function folderLister(finders: readonly Finder[], context: FindContext): ListFolder {
  return async (folder) => {
    const entries = new Set<string>();
    for (const finder of finders) {
      for (const { logicalPath } of await finder.list(context)) {
        if (!logicalPath.startsWith(folder)) continue;
        const rest = logicalPath.slice(folder.length);
        const slash = rest.indexOf('/');
        entries.add(slash === -1 ? rest : rest.slice(0, slash + 1));
      }
    }
    if (entries.size === 0 && folder !== '') return undefined;
    return page(folder, sortedByCodePoint(entries));
  };
}

/** @param folder `''`, or a path with a slash at its end, as folders among the names have too */
function page(folder: string, names: readonly string[]): string {
  const title = `Index of ${escapeUTF8(folder) || 'static files'}`;
  const parent = folder === '' ? [] : ['../'];
  const items = [...parent, ...names].map(
    // A name with a colon would be taken for a URL's scheme.
    (name) =>
      `<li><a href="./${escapeUTF8(encodeURI(name).replace(/[?#]/g, encodeURIComponent))}">${escapeUTF8(name)}</a></li>`,
  );
  return `<!doctype html>\n<meta charset="utf-8">\n<title>${title}</title>\n<h1>${title}</h1>\n<ul>\n${items.join('\n')}\n</ul>\n`;
}
