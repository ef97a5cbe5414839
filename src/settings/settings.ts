import type { AfterPublish } from '../cdn/after-publish.js';
import type { Finder } from '../finders/finder.js';
import type { VendorLinkPolicy } from '../finders/package-links.js';
import type { Warning } from '../model/static-file.js';
import type { PluginContext } from '../plugins/plugin.js';
import type { Processor } from '../processors/processor.js';
import type { Storage } from '../storages/storage.js';

/** An entry of `staticfilesDirs`: a path, `[prefix, path]` or `{prefix, dir}`. */
export type StaticFilesDir =
  | string
  | readonly [prefix: string, dir: string]
  | { readonly prefix?: string; readonly dir: string };

/** An entry of `installedApps`: a folder, a glob of folders, an npm package, or one of these with its own `dir` and `prefix`. */
export type InstalledApp = string | { readonly app: string; readonly dir?: string; readonly prefix?: string };

/** A processor: a built-in's name, a module path, a package, `[name, options]`, or a value. */
export type ProcessorEntry =
  | string
  | readonly [name: string, options: Readonly<Record<string, unknown>>]
  | Processor;

/** What is called after publishing: a built-in's name, a module path, a package, `[name, options]`, or a function. */
export type AfterPublishEntry =
  | string
  | readonly [name: string, options: Readonly<Record<string, unknown>>]
  | AfterPublish;

/** A storage: a built-in's name, a module path, a package, or a value; `filesystem` unless given. */
export interface StorageEntry {
  readonly backend?: string | Storage;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** The settings as a project writes them; every one may be left out. README.md says what each means. */
export interface UserSettings {
  readonly staticRoot?: string;
  readonly staticUrl?: string;
  readonly staticfilesDirs?: readonly StaticFilesDir[];
  readonly installedApps?: readonly InstalledApp[];
  readonly staticfilesFinders?: readonly (string | Finder)[];
  readonly storages?: { readonly staticfiles: StorageEntry & { readonly afterPublish?: AfterPublishEntry } };
  readonly postProcess?: readonly ProcessorEntry[];
  readonly manifest?: { readonly name?: string; readonly storage?: StorageEntry };
  readonly release?: { readonly id: string };
  readonly importmap?: ImportMapSettings;
  readonly ignore?: readonly string[];
  readonly conflicts?: ConflictPolicy;
  readonly vendorLinks?: VendorLinkPolicy;
  readonly cacheDir?: string;
  readonly mediaRoot?: string;
  readonly mediaUrl?: string;
}

/** `allow`: the first found wins, the summary counts the rest. `error`: files of one name must have the same bytes. */
export type ConflictPolicy = 'allow' | 'error';

/** The import map of applications without a bundler. */
export interface ImportMapSettings {
  /** By specifier: a logical path, a full URL, or, where both end in `/`, a folder of modules. */
  readonly entries: Readonly<Record<string, string>>;
  /** A path below the static root under which the import map is published too. */
  readonly file?: string;
}

/** What the manifest is called, and where it goes if not to the files' storage. */
export interface ManifestSettings {
  /** `staticfiles.json` */
  readonly name: string;
  readonly storage?: Storage;
}

/** The release that is published. */
export interface ReleaseSettings {
  /**
   * Its id, a folder's name. Where the settings say `auto` it is found out at the first call, so that commands that
   * publish nothing need none.
   *
   * @throws StaticFilesError `settings` where none is found, or what is found cannot be a folder's name
   */
  id(): Promise<string>;
}

/** The settings as the stages use them: checked, with absolute paths, the plug-ins made. */
export interface Settings extends PluginContext {
  readonly finders: readonly Finder[];
  readonly storage: Storage;
  /** Told what has changed there. */
  readonly afterPublish?: AfterPublish;
  readonly processors: readonly Processor[];
  readonly manifest: ManifestSettings;
  readonly release?: ReleaseSettings;
  readonly importMap?: ImportMapSettings;
  /** What users upload: served beside the static files in development only. */
  readonly media?: { readonly root: string; readonly url: string };
  /** fnmatch patterns, without the default ones. */
  readonly ignore: readonly string[];
  readonly conflicts: ConflictPolicy;
  /** What the checks found that does not stop a run. */
  readonly warnings: readonly Warning[];
}
