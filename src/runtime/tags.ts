import type { StaticLookup } from './lookup.js';
import { destinationOf, linkValue, type Preload, preloadOf, withoutSuffix } from './preload.js';

/** What is taken from the details of a manifest on a published file (docs/manifest.md). */
export interface FileDetails {
  /** As in HTML's `integrity`. */
  readonly integrity?: string;
  /** Of a module: the logical paths of what it imports statically, in their order. */
  readonly imports?: readonly string[];
}

export interface TagsOptions {
  /** The `importmap` of a manifest. */
  readonly importmap?: object | undefined;
  /** The `files` of a manifest's details: by public path. */
  readonly files?: Readonly<Record<string, FileDetails>> | undefined;
}

/** What may be said of a generated element. */
export interface ElementOptions {
  /** The nonce of the page's Content-Security-Policy. */
  readonly nonce?: string | undefined;
}

export interface PreloadOptions {
  /**
   * Adds what is known of each file's bytes. Only where the page's elements say it too: else browsers load the file
   * twice.
   */
  readonly integrity?: boolean;
}

/** Makes what a page says of its static files. All names are as for {@link StaticLookup.static}. */
export interface StaticTags {
  /**
   * The value of HTML's `integrity` attribute. `''`, which is no check, if it is unknown or the name has no fingerprint:
   * the next deploy may publish other bytes under that name, and browsers would refuse them.
   */
  integrity(name: string): string;
  /** The `<script type="importmap">` of the manifest; `''` where it has none. */
  importmap(options?: ElementOptions): string;
  /**
   * A `<link rel="modulepreload">` for a module and each that it imports statically, directly or not, nearest first. In
   * a page it stands after the import map.
   */
  modulepreload(name: string, options?: ElementOptions): string;
  /**
   * The value of a `Link` header that has files loaded early, in a response or in 103 Early Hints. `''` for no names,
   * which `writeEarlyHints()` refuses: then send no header.
   *
   * @example
   * response.writeEarlyHints({ link: preloadHeader(['css/app.css', { name: 'api/start.json', as: 'fetch' }]) });
   */
  preloadHeader(names: Iterable<string | Preload>, options?: PreloadOptions): string;
}

/**
 * Makes the tags of a look-up. It does no input or output, and runs wherever JavaScript does.
 *
 * @example
 * const statics = createStatic(manifest);
 * const tags = createTags(statics, { importmap: manifest.importmap, files: details.files });
 */
export function createTags(lookup: StaticLookup, { importmap, files = {} }: TagsOptions): StaticTags {
  const detailsOf = (name: string): FileDetails => {
    const publicPath = lookup.publicPath(name);
    return Object.hasOwn(files, publicPath) ? files[publicPath]! : {};
  };
  const integrity = (name: string) => (isRenamed(lookup, name) && detailsOf(name).integrity) || '';
  const isModule = moduleTest(files, detailsOf);
  return {
    integrity,
    importmap({ nonce } = {}) {
      if (importmap === undefined) return '';
      // A `<` could end the element, or begin a comment.
      const json = JSON.stringify(importmap).replaceAll('<', '\\u003c');
      return `${tag('script', { type: 'importmap', nonce })}${json}</script>`;
    },
    modulepreload: (name, { nonce } = {}) =>
      Array.from(importedBy(name, detailsOf), (each) =>
        tag('link', {
          rel: 'modulepreload',
          href: lookup.static(each),
          integrity: integrity(each),
          nonce,
        }),
      ).join('\n'),
    preloadHeader: (names, options = {}) =>
      Array.from(names, (each) => {
        const asked = typeof each === 'string' ? { name: each } : each;
        return linkValue({
          ...preloadOf(asked, isModule(asked.name)),
          url: lookup.static(asked.name),
          integrity: options.integrity ? integrity(asked.name) : '',
        });
      }).join(','), // without a space, as Node's writeEarlyHints() takes them
  };
}

/** Whether a name is published under another one, which changes with the bytes. */
function isRenamed({ publicPath }: StaticLookup, name: string): boolean {
  const path = publicPath(name);
  return path !== name && path !== withoutSuffix(name);
}

/** A module and what it imports, nearest first; each once, cycles or not. */
function importedBy(name: string, detailsOf: (name: string) => FileDetails): Iterable<string> {
  const modules = new Set([name]);
  // A set grows while it is gone through.
  for (const each of modules) {
    for (const imported of detailsOf(each).imports ?? []) {
      // Style sheets and JSON that are imported cannot be loaded ahead as modules everywhere.
      if (destinationOf(imported) === 'script') modules.add(imported);
    }
  }
  return modules;
}

/** Makes what tells whether a script is a module: by its name, or since it imports, or is imported. */
function moduleTest(
  files: Readonly<Record<string, FileDetails>>,
  detailsOf: (name: string) => FileDetails,
): (name: string) => boolean {
  let imported: ReadonlySet<string> | undefined;
  return (name) => {
    const path = withoutSuffix(name);
    if (/\.mjs$/i.test(path) || detailsOf(name).imports !== undefined) return true;
    imported ??= new Set(Object.values(files).flatMap(({ imports = [] }) => imports));
    return imported.has(path);
  };
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * The start tag of an element; attributes without a value, or with an empty one, are left out.
 *
 * @example
 * tag('link', { rel: 'modulepreload', href: '/a&b.js' }); // '<link rel="modulepreload" href="/a&amp;b.js">'
 */
export function tag(name: string, attributes: Readonly<Record<string, string | undefined>>): string {
  const written = Object.entries(attributes).map(([key, value]) =>
    value ? ` ${key}="${escapeHtml(value)}"` : '',
  );
  return `<${name}${written.join('')}>`;
}

/** A text as it may stand in an element, or in an attribute's quotes. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
