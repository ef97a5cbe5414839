/** Public paths by logical path. A `Map` is one. */
export interface PathTable {
  get(logicalPath: string): string | undefined;
  /** Returns the known logical paths, for suggestions. */
  keys(): Iterable<string>;
}

/** Options of `createStatic()`. */
export interface LookupOptions {
  /** `paths` of a manifest, or a table (default: every name is a plain file's). */
  readonly paths?: Readonly<Record<string, string>> | PathTable | undefined;
  /** Path or URL before each public path; it ends in `/` (default: `/static/`). */
  readonly baseUrl?: string | undefined;
  /** Whether an unknown name is an error; if `false`, it gives its plain URL (default: `true`). */
  readonly strict?: boolean | undefined;
}

/** Looks up the URLs of static files. Its functions can be used without `this`. */
export interface StaticLookup {
  /** Path or URL before each public path, as in Django's `STATIC_URL`. */
  readonly STATIC_URL: string;
  /**
   * Returns the URL of a static file.
   *
   * @param name logical path, with a query and a fragment if needed: `css/app.css`, `img/icons.svg#menu`. A folder
   *   (`img/`) is not looked up. Slashes at the start count as none, several in a row as one.
   * @throws MissingStaticFileError if the name is unknown and look-ups are strict
   */
  static(name: string): string;
  /**
   * Returns the public path of a static file: not escaped, and without base URL, query and fragment.
   *
   * @param name logical path; query and fragment are ignored
   * @throws MissingStaticFileError if the name is unknown and look-ups are strict
   * @example
   * statics.publicPath('css/app.css'); // 'css/app.27e20196a850.css'
   */
  publicPath(name: string): string;
}

/** Error for a name that no static file has. Its message names the nearest ones. */
export class MissingStaticFileError extends Error {
  override readonly name = 'MissingStaticFileError';
  readonly code = 'missing-static-file';
}

/**
 * Returns the look-ups of a manifest. This module imports nothing and does no input or output, so it runs wherever
 * JavaScript does.
 *
 * @throws TypeError if `baseUrl` does not end in `/`
 * @example
 * import manifest from './staticfiles.json' with { type: 'json' };
 * const { static: url } = createStatic({ ...manifest, baseUrl: '/static/' });
 * url('css/app.css'); // '/static/css/app.27e20196a850.css'
 */
export function createStatic({ paths, baseUrl = '/static/', strict = true }: LookupOptions): StaticLookup {
  if (!baseUrl.endsWith('/')) throw new TypeError(`baseUrl must end in '/': '${baseUrl}'`);
  const table = paths && toTable(paths);
  const resolve = (path: string) => {
    const clean = path.replace(/^\/+|\/(?=\/)/g, '');
    const found = path.endsWith('/') || !table ? clean : table.get(clean);
    if (found === undefined && strict) throw missing(clean, table!.keys());
    return found ?? clean;
  };
  return {
    STATIC_URL: baseUrl,
    static(name) {
      const text = `${name}`; // templates may pass other values than strings
      const found = table?.get(text);
      if (found !== undefined) return baseUrl + escaped(found);
      const path = withoutSuffix(text);
      return baseUrl + escaped(resolve(path)) + text.slice(path.length);
    },
    publicPath: (name) => table?.get(`${name}`) ?? resolve(withoutSuffix(`${name}`)),
  };
}

function withoutSuffix(name: string): string {
  return name.replace(/[?#].*/s, '');
}

function toTable(paths: Readonly<Record<string, string>> | PathTable): PathTable {
  if (isTable(paths)) return paths;
  return {
    // Names of Object.prototype, such as 'constructor', are not in the table.
    get: (name) => (Object.hasOwn(paths, name) ? paths[name] : undefined),
    keys: () => Object.keys(paths),
  };
}

function isTable(paths: Readonly<Record<string, string>> | PathTable): paths is PathTable {
  return typeof paths.get === 'function';
}

/** Escapes a path like browsers escape the same reference in a style sheet, so that both are one URL. */
function escaped(path: string): string {
  return /^[\w./~-]*$/.test(path) ? path : encodeURI(path).replace(/[?#]/g, encodeURIComponent);
}

function missing(name: string, names: Iterable<string>): MissingStaticFileError {
  const [first, ...others] = nearest(name, names);
  const hint = first && ` Did you mean '${[first, ...others].join("', '")}'?`;
  return new MissingStaticFileError(`There is no static file '${name}'.${hint ?? ''}`);
}

/** Returns up to three names, the most similar first. A wrong folder counts as one wrong letter. */
function nearest(wanted: string, names: Iterable<string>): string[] {
  const near: [cost: number, name: string][] = [];
  const base = baseName(wanted);
  const limit = Math.max(2, base.length / 3);
  for (const name of names) {
    const cost = Math.min(distance(wanted, name, limit), distance(base, baseName(name), limit) + 1);
    if (cost <= limit) near.push([cost, name]);
  }
  near.sort(([a], [b]) => a - b);
  return near.slice(0, 3).map(([, name]) => name);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).toLowerCase();
}

/** The edit distance, or more than the limit. https://en.wikipedia.org/wiki/Levenshtein_distance */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  let least = 0;
  for (let i = 0; i < a.length && least <= limit; i++) {
    const above = row;
    row = [i + 1];
    least = i + 1;
    for (let j = 0; j < b.length; j++) {
      const edits = Math.min(above[j]! + +(a[i] !== b[j]), above[j + 1]! + 1, row[j]! + 1);
      row[j + 1] = edits;
      least = Math.min(least, edits);
    }
  }
  return Math.min(row.at(-1)!, limit + 1);
}
