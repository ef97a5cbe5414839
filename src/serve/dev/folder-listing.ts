import { escapeUTF8 } from 'entities';
import type { FindContext, Finder } from '../../finders/finder.js';
import { publicUrl } from '../../model/public-path.js';
import { sortedByCodePoint } from '../../text/code-points.js';
import type { ListFolder } from '../answering/mount.js';

/** Returns a function that lists the files of a folder from all finders. */
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

/** @param folder `''`, or a path that ends in `/`; folders among the names end in `/` too */
function page(folder: string, names: readonly string[]): string {
  const title = `Index of ${escapeUTF8(folder) || 'static files'}`;
  const parent = folder === '' ? [] : ['../'];
  const items = [...parent, ...names].map(
    // Without `./`, a colon in a name would end a URL's scheme.
    (name) => `<li><a href="${escapeUTF8(publicUrl('./', name))}">${escapeUTF8(name)}</a></li>`,
  );
  return `<!doctype html>\n<meta charset="utf-8">\n<title>${title}</title>\n<h1>${title}</h1>\n<ul>\n${items.join('\n')}\n</ul>\n`;
}
