/** An entry of the setting `installedApps`. */
export interface App {
  readonly app: string;
  readonly dir: string;
  readonly prefix: string;
}

/** How a site is published; the columns of the table in docs/packages.md. */
export const MODES = ['default', 'originals: false'] as const;
export type Mode = (typeof MODES)[number];

/** Settings that a package needs. Each glob and each entry of the import map is tested for being needed. */
export interface PackageSettings {
  readonly fingerprint?: { readonly exclude?: readonly string[]; readonly prehashed?: readonly string[] };
  readonly importmap?: Readonly<Record<string, string>>;
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
  /** What the package needs: Markdown that gives the reason, the settings, and the modes that are broken without them. */
  readonly needs?: PackageSettings & { readonly why: string; readonly brokenWithout: readonly Mode[] };
}
