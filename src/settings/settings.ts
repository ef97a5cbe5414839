import type { AfterPublish } from '../cdn/after-publish.js';
import type { CloudFrontOptions } from '../cdn/cloudfront/options.js';
import type { Finder } from '../finders/finder.js';
import type { VendorLinkPolicy } from '../finders/package-links.js';
import type { Warning } from '../model/static-file.js';
import type { PluginContext } from '../plugins/plugin.js';
import type { CompressOptions } from '../processors/compress/options.js';
import type { FingerprintOptions } from '../processors/fingerprint/options.js';
import type { Processor } from '../processors/processor.js';
import type { AzureStorageOptions } from '../storages/azure/azure.js';
import type { FilesystemOptions } from '../storages/filesystem/filesystem.js';
import type { GcsStorageOptions } from '../storages/gcs/gcs.js';
import type { RsyncOptions } from '../storages/rsync/rsync.js';
import type { S3StorageOptions } from '../storages/s3/s3.js';
import type { Storage } from '../storages/storage.js';

/** Which files of a folder are taken, by their paths in it (docs/patterns.md). */
export interface PartOfFolder {
  /** Patterns of the files and folders to take. All by default. */
  readonly include?: readonly string[];
  /** The same as `include`, by its name in `package.json`. */
  readonly files?: readonly string[];
  /** Patterns of files and folders to leave out, in addition to the setting `ignore`. */
  readonly ignore?: readonly string[];
}

/** An entry of `staticfilesDirs`: a path, `[prefix, path]` or `{prefix, dir, include, ignore}`. */
export type StaticFilesDir =
  | string
  | readonly [prefix: string, dir: string]
  | ({ readonly prefix?: string; readonly dir: string } & PartOfFolder);

/**
 * An entry of `installedApps`: a folder, a glob of folders, an npm package, or one of these with its own `dir`, `prefix`,
 * `include` and `ignore`.
 */
export type InstalledApp =
  | string
  | ({ readonly app: string; readonly dir?: string; readonly prefix?: string } & PartOfFolder);

/**
 * Options of the built-in processors by name: TypeScript checks those of an entry such as `['fingerprint', {…}]`.
 */
export interface ProcessorOptions {
  readonly fingerprint: FingerprintSettings;
  readonly compress: CompressOptions;
}

/** Options of the built-in storages by name. */
export interface StorageOptions {
  readonly filesystem: FilesystemOptions;
  readonly s3: S3StorageOptions;
  readonly gcs: GcsStorageOptions;
  readonly azure: AzureStorageOptions;
  readonly rsync: RsyncOptions;
}

/** Options of the built-in hooks by name. */
export interface HookOptions {
  readonly cloudfront: CloudFrontOptions;
}

/** Options of `fingerprint` in the settings, where a scanner may also be the path of a module or the name of a package. */
export type FingerprintSettings = Omit<FingerprintOptions, 'references'> & {
  readonly references?: Omit<References, 'scanners'> & {
    readonly scanners?: readonly (Omit<Scanner, 'scan'> & { readonly scan: Scanner['scan'] | string })[];
  };
};

type References = NonNullable<FingerprintOptions['references']>;

type Scanner = NonNullable<References['scanners']>[number];

/**
 * Path of a module, or name of a package. TypeScript takes a name of only letters and digits for a mistyped built-in: import
 * such a package, and pass the plug-in itself.
 */
export type CustomPluginName = `${string}${'/' | '\\' | '-' | '.' | '_' | '@'}${string}`;

/** Options of a custom plug-in, which checks them itself. */
export type CustomOptions = Readonly<Record<string, unknown>>;

/** A name with options: typed for the names in `Options`, free for custom names. */
export type NameWithOptions<Options> =
  | { readonly [Name in keyof Options]: readonly [name: Name, options: Options[Name]] }[keyof Options]
  | readonly [name: CustomPluginName, options: CustomOptions];

/** A name of a plug-in; editors suggest the built-in ones. */
export type PluginName<Options> = keyof Options | (string & {});

/** A finder: a built-in's name, a module path, a package, or the finder itself. */
export type FinderEntry = 'file-system' | 'app-directories' | (string & {}) | Finder;

/** A processor: a built-in's name, a module path, a package, `[name, options]`, or the processor itself. */
export type ProcessorEntry = PluginName<ProcessorOptions> | NameWithOptions<ProcessorOptions> | Processor;

/** A hook after publishing: a built-in's name, a module path, a package, `[name, options]`, or a function. */
export type AfterPublishEntry = PluginName<HookOptions> | NameWithOptions<HookOptions> | AfterPublish;

/** A storage: a built-in's name, a module path, a package, or the storage itself; `filesystem` by default. */
export type StorageEntry =
  | { readonly backend?: 'filesystem' | undefined; readonly options?: FilesystemOptions }
  | {
      readonly [Name in Exclude<keyof StorageOptions, 'filesystem'>]: {
        readonly backend: Name;
        readonly options: StorageOptions[Name];
      };
    }[Exclude<keyof StorageOptions, 'filesystem'>]
  | { readonly backend: CustomPluginName; readonly options?: CustomOptions }
  | { readonly backend: Storage; readonly options?: undefined };

/** The storage of the static files, with the hook that is called after publishing. */
export type StaticfilesStorageEntry = StorageEntry & { readonly afterPublish?: AfterPublishEntry };

// The docstrings below are the descriptions in schemas/settings.json and docs/settings.md.

/** Settings as a project writes them. All keys are optional. */
export interface UserSettings {
  /**
   * Folder to collect into. `STATIC_ROOT` overrides it, `--static-root` overrides both; their relative paths are resolved
   * from the current folder.
   *
   * @defaultValue `"staticfiles"`
   * @example
   * ```json
   * { "staticRoot": "public/static" }
   * ```
   */
  readonly staticRoot?: string;
  /**
   * URL prefix of the static files: a path, or a full URL such as a CDN's. It ends in `/`; `static/` means `/static/`.
   * `STATIC_URL` overrides it, `--static-url` overrides both.
   *
   * @defaultValue `"/static/"`
   * @example
   * ```json
   * { "staticUrl": "https://cdn.example.com/static/" }
   * ```
   */
  readonly staticUrl?: string;
  /**
   * Folders of static files. An entry is a path, `[prefix, path]` or `{prefix, dir, include, ignore}`; the prefix begins the
   * logical paths. `include` names the files to take, `ignore` those to leave out (docs/patterns.md).
   * They are searched before the apps, and the first file with a logical path wins.
   *
   * @defaultValue `["static"]`, if the folder exists
   * @example
   * ```json
   * { "staticfilesDirs": ["assets", ["vendor", "third-party/js"]] }
   * ```
   */
  readonly staticfilesDirs?: readonly StaticFilesDir[];
  /**
   * Apps whose folder `static` is collected. An entry is a folder, a glob of folders, the name of an npm package, or
   * `{app, dir, prefix, include, ignore}` with one of these for an app whose files are in another folder, or of which some
   * are taken (docs/patterns.md). An existing folder takes precedence over a package of the same name.
   *
   * @defaultValue the workspaces in `package.json` or `pnpm-workspace.yaml`
   * @example
   * ```json
   * { "installedApps": ["apps/*", { "app": "tinymce", "dir": ".", "prefix": "tinymce", "include": ["*.min.js", "skins"] }] }
   * ```
   */
  readonly installedApps?: readonly InstalledApp[];
  /**
   * Patterns of files and folders to leave out, in addition to those of `defaultIgnore`. They are compared with names, and with
   * paths below the search root: `js/vendor` hides that folder, `/app.css` a file at the top (docs/patterns.md).
   *
   * @defaultValue `[]`
   * @example
   * ```json
   * { "ignore": ["*.map", "js/vendor", "*.{ts,scss}"] }
   * ```
   */
  readonly ignore?: readonly string[];
  /**
   * Patterns that are ignored before those of `ignore`. `.*` leaves `.well-known` alone. `[]` publishes every file;
   * `--no-default-ignore` does so for one run.
   *
   * @defaultValue `["CVS", ".*", "*~"]`
   * @example
   * ```json
   * { "defaultIgnore": ["CVS", ".git", ".env*", "*~"] }
   * ```
   */
  readonly defaultIgnore?: readonly string[];
  /**
   * What happens if several files have one logical path. `allow`: the first one wins, and the summary counts the others.
   * `error`: the run fails if their bytes differ.
   *
   * @defaultValue `"allow"`
   */
  readonly conflicts?: ConflictPolicy;
  /**
   * What happens to links in an npm package that point out of it. `warn` publishes their targets with a warning, `error`
   * fails the run, `allow` publishes them silently. The package's own folder may be a link, as pnpm makes it.
   *
   * @defaultValue `"warn"`
   */
  readonly vendorLinks?: VendorLinkPolicy;
  /**
   * Finders in the order of precedence. An entry is the name of a built-in, a module path, a package, or (in JavaScript and
   * TypeScript) a finder.
   *
   * @defaultValue `["file-system", "app-directories"]`
   * @example
   * ```json
   * { "staticfilesFinders": ["file-system", "./generated-finder.js"] }
   * ```
   */
  readonly staticfilesFinders?: readonly FinderEntry[];
  /**
   * Processors in the order in which they run. An entry is the name of a built-in (`fingerprint`, `compress`), a module
   * path, a package, one of these with options as `[name, options]`, or (in JavaScript and TypeScript) a processor.
   *
   * @defaultValue `[]`
   * @example
   * ```json
   * { "postProcess": [["fingerprint", { "exclude": ["robots.txt"] }], "compress"] }
   * ```
   */
  readonly postProcess?: readonly ProcessorEntry[];
  /**
   * Where static files are published. `backend` is `filesystem`, `s3`, `gcs`, `azure`, `rsync`, a module path, a package, or
   * (in JavaScript and TypeScript) a storage. `afterPublish` is a hook that is called with the changed files: `cloudfront`,
   * a module path, a package, one of these with options, or a function.
   *
   * @defaultValue `{ "staticfiles": { "backend": "filesystem" } }`
   * @example
   * ```json
   * { "storages": { "staticfiles": { "backend": "s3", "options": { "bucket": "my-bucket", "prefix": "static" } } } }
   * ```
   */
  readonly storages?: { readonly staticfiles: StaticfilesStorageEntry };
  /**
   * Name of the manifest, and a storage of its own if it must not be public (docs/manifest.md).
   *
   * @defaultValue `{ "name": "staticfiles.json" }`, in the storage of the static files
   * @example
   * ```json
   * { "manifest": { "storage": { "options": { "location": "build" } } } }
   * ```
   */
  readonly manifest?: { readonly name?: string; readonly storage?: StorageEntry };
  /**
   * Publishes as the release `id`, with a manifest of its own in a folder of that name. `auto` takes `RELEASE_ID`, else the
   * commit that the CI system, the host or git reports (docs/releases.md).
   *
   * @defaultValue no release
   * @example
   * ```json
   * { "release": { "id": "auto" } }
   * ```
   */
  readonly release?: { readonly id: string };
  /**
   * Import map of an application without a bundler, published with fingerprinted URLs and `integrity` (docs/import-maps.md).
   * `entries` maps specifiers to logical paths or URLs; `file` publishes it under that path too.
   *
   * @defaultValue no import map
   * @example
   * ```json
   * { "importmap": { "entries": { "lit": "vendor/lit/index.js", "app/": "js/" } } }
   * ```
   */
  readonly importmap?: ImportMapSettings;
  /**
   * Folder for data that can be computed again: compressed files, records of earlier runs. Deleting it costs time, never
   * correctness (docs/cache.md).
   *
   * @defaultValue `".cache/staticfiles"` in a project with a `package.json`, else the user's cache folder
   */
  readonly cacheDir?: string;
  /**
   * Folder of uploads. They are never collected; `staticfiles serve --dev` serves them under `mediaUrl`. It must not contain
   * `staticRoot`, nor be in it.
   */
  readonly mediaRoot?: string;
  /**
   * URL prefix of uploads. It must differ from `staticUrl`.
   *
   * @example
   * ```json
   * { "mediaRoot": "uploads", "mediaUrl": "/media/" }
   * ```
   */
  readonly mediaUrl?: string;
}

/**
 * What happens if several files have one logical path. `allow`: the first one wins, and the summary counts the others.
 * `error`: the run fails if their bytes differ.
 */
export type ConflictPolicy = 'allow' | 'error';

/** Import map of an application without a bundler. */
export interface ImportMapSettings {
  /** By specifier: a logical path, a full URL, or, if both end in `/`, a folder of modules. */
  readonly entries: Readonly<Record<string, string>>;
  /** Path below the static root under which the import map is published too: `importmap.json`. */
  readonly file?: string;
}

/** Name and storage of the manifest. */
export interface ManifestSettings {
  /** `staticfiles.json` by default. */
  readonly name: string;
  /** The storage of the static files unless given. */
  readonly storage?: Storage;
}

/** The release to publish. */
export interface ReleaseSettings {
  /**
   * Returns its id, which is a folder name. For `auto` the id is looked up at the first call, so that a command that
   * publishes nothing works without one.
   *
   * @throws StaticFilesError `settings` if no id is found, or if it cannot be a folder name
   */
  id(): Promise<string>;
}

/** Checked settings with absolute paths and the plug-ins made; from `loadSettings()` or `resolveSettings()`. */
export interface Settings extends PluginContext {
  /** In the order of precedence. */
  readonly finders: readonly Finder[];
  /** Destination of the static files. */
  readonly storage: Storage;
  /** Called with the changed files after publishing. */
  readonly afterPublish?: AfterPublish;
  /** In the order in which they run. */
  readonly processors: readonly Processor[];
  readonly manifest: ManifestSettings;
  readonly release?: ReleaseSettings;
  readonly importMap?: ImportMapSettings;
  /** Uploads, which only `serve --dev` serves: absolute folder, and URL prefix that ends in `/`. */
  readonly media?: { readonly root: string; readonly url: string };
  /** Ignore patterns, without the default ones. */
  readonly ignore: readonly string[];
  /** The default ignore patterns. */
  readonly defaultIgnore: readonly string[];
  readonly conflicts: ConflictPolicy;
  /**
   * Equal for settings from which the same sources are published in the same way. `undefined` if a plug-in is a custom one,
   * since that may do something else each time.
   */
  readonly digest?: string;
  /** The settings file as messages name it. */
  readonly settingsFile?: string;
  /** Problems in the settings that do not stop a run. */
  readonly warnings: readonly Warning[];
}
