/** An entry of the setting `installedApps`. */
export interface App {
  readonly app: string;
  readonly dir: string;
  readonly prefix: string;
}

/** How a site is published; the columns of the table in docs/packages.md. */
export const MODES = ['default', 'originals: false'] as const;
export type Mode = (typeof MODES)[number];

/** Options of the processor `fingerprint`. Each glob is tested for being needed. */
export interface PackageSettings {
  readonly exclude?: readonly string[];
  readonly prehashed?: readonly string[];
}

/** A page that uses npm packages. */
export interface PackagePage {
  /** The name of the package to people. */
  readonly name: string;
  /** Exact versions by the names of npm packages. */
  readonly versions: Readonly<Record<string, string>>;
  /** The part of the packages that is collected. */
  readonly apps: readonly App[];
  /** Entries of the import map that the page has in any case. */
  readonly importmap?: Readonly<Record<string, string>>;
  /**
   * The content of the page, as an application makes it.
   *
   * @param url returns the URL of a static file
   */
  readonly html: (url: (name: string) => string) => string;
  /** JavaScript expression whose value is truthy, and the same however the page is published, once the package works. */
  readonly probe: string;
  /** Settings without which the page is broken, by mode. */
  readonly needs?: { readonly [mode in Mode]?: PackageSettings } & {
    /** The reason, for docs/packages.md. */
    readonly why: string;
  };
}

/** Returns settings with one glob less, in every way. */
export function withoutOneGlob(settings: PackageSettings): PackageSettings[] {
  return Object.entries(settings).flatMap(([option, globs]: [string, readonly string[]]) =>
    globs.map((glob) => ({ ...settings, [option]: globs.filter((each) => each !== glob) })),
  );
}
