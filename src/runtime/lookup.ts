/** Where the public paths of logical paths are looked up: a `Map` will do. */
export interface PathTable {
  get(logicalPath: string): string | undefined;
  /** For suggestions. */
  keys(): Iterable<string>;
}

export interface LookupOptions {
  /** The `paths` of a manifest, or a table of them. Without any, every name is taken for that of a plain file. */
  readonly paths?: Readonly<Record<string, string>> | PathTable | undefined;
  /** What stands before each public path: a path or a URL that ends in `/`. `/static/` unless given. */
  readonly baseUrl?: string | undefined;
  /** Whether an unknown name is an error; `false` gives its plain URL. `true` unless given. */
  readonly strict?: boolean | undefined;
}

/** Looks names up. Its functions need no `this`. */
export interface StaticLookup {
  /** What stands before each public path: Django's `STATIC_URL`. */
  readonly STATIC_URL: string;
  /**
   * The URL of a static file.
   *
   * @param name a logical path, with a query and a fragment if need be: `css/app.css`, `img/icons.svg#menu`. A folder
   *   (`img/`) is not looked up.
   * @throws MissingStaticFileError for a name that is not known, unless `strict` is false
   */
  static(name: string): string;
  /** The same without base, query and fragment, and not escaped: `css/app.27e20196a850.css`. */
  publicPath(name: string): string;
}

/** A name that stands for no static file. */
export class MissingStaticFileError extends Error {
  override readonly name = 'MissingStaticFileError';
  readonly code = 'missing-static-file';
}

/**
 * Makes a look-up from a manifest. It imports nothing and does no input or output, so it runs wherever JavaScript does.
 *
 * @throws TypeError where `baseUrl` does not end in `/`
 * @example
 * import manifest from './staticfiles.json' with { type: 'json' };
 * const { static: url } = createStatic({ ...manifest, baseUrl: '/static/' });
 * url('css/app.css'); // '/static/css/app.27e20196a850.css'
 */
export function createStatic({ paths, baseUrl = '/static/', strict = true }: LookupOptions): StaticLookup {
  if (!baseUrl.endsWith('/')) throw new TypeError(`baseUrl must end in '/': '${baseUrl}'`);
  const table = paths && toTable(paths);
  const resolve = (path: string) => {
    const found = path.endsWith('/') || !table ? path : table.get(path);
    if (found === undefined && strict) throw missing(path, table!.keys());
    return found ?? path;
  };
  return {
    STATIC_URL: baseUrl,
    static(name) {
      const asked = `${name}`; // a template may hand over something else than a text
      const found = table?.get(asked);
      if (found !== undefined) return baseUrl + escaped(found);
      const path = withoutSuffix(asked);
      return baseUrl + escaped(resolve(path)) + asked.slice(path.length);
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
    // A name of Object.prototype is not there.
    get: (name) => (Object.hasOwn(paths, name) ? paths[name] : undefined),
    keys: () => Object.keys(paths),
  };
}

function isTable(paths: Readonly<Record<string, string>> | PathTable): paths is PathTable {
  return typeof paths.get === 'function';
}

/** As browsers escape what scripts and style sheets say: so that both are one URL. */
function escaped(path: string): string {
  return /^[\w./~-]*$/.test(path) ? path : encodeURI(path).replace(/[?#]/g, encodeURIComponent);
}

function missing(name: string, names: Iterable<string>): MissingStaticFileError {
  const [first, ...others] = nearest(name, names);
  const hint = first && ` Did you mean '${[first, ...others].join("', '")}'?`;
  return new MissingStaticFileError(`There is no static file '${name}'.${hint ?? ''}`);
}

/** At most three names, those with the fewest letters wrong first; another folder counts as one. */
function nearest(asked: string, names: Iterable<string>): string[] {
  const near: [cost: number, name: string][] = [];
  const base = baseName(asked);
  const limit = Math.max(2, base.length / 3);
  for (const name of names) {
    const cost = Math.min(distance(asked, name, limit), distance(base, baseName(name), limit) + 1);
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
