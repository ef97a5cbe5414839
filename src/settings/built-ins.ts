import * as v from 'valibot';
import type { AfterPublish } from '../cdn/after-publish.js';
import type { CloudFrontOptions } from '../cdn/cloudfront/cloudfront.js';
import { appDirectoriesFinder } from '../finders/app-directories.js';
import { fileSystemFinder } from '../finders/file-system.js';
import type { Finder } from '../finders/finder.js';
import type { VendorLinkPolicy } from '../finders/package-links.js';
import type { SearchRoot } from '../model/static-file.js';
import { loadFactory } from '../plugins/load-plugin.js';
import { oneOf } from '../plugins/options.js';
import type { PluginFamily } from '../plugins/plugin.js';
import type { Processor } from '../processors/processor.js';
import type { AzureStorageOptions } from '../storages/azure/azure.js';
import { filesystemStorage } from '../storages/filesystem/filesystem.js';
import type { GcsStorageOptions } from '../storages/gcs/gcs.js';
import type { RsyncOptions } from '../storages/rsync/rsync.js';
import type { S3StorageOptions } from '../storages/s3/s3.js';
import type { Storage } from '../storages/storage.js';
import { isRecord } from '../text/json.js';

/** The finders that a project uses by default, in order. */
export const DEFAULT_FINDERS: readonly string[] = ['file-system', 'app-directories'];

/** The folders that the built-in finders search. */
export interface SourceFolders {
  readonly staticfilesDirs: readonly SearchRoot[];
  readonly apps: readonly SearchRoot[];
}

export function finders(
  { staticfilesDirs, apps }: SourceFolders,
  vendorLinks?: VendorLinkPolicy,
): PluginFamily<Finder> {
  return {
    noun: 'finder',
    builtIns: {
      'file-system': () => fileSystemFinder(staticfilesDirs, vendorLinks),
      'app-directories': () => appDirectoriesFinder(apps, vendorLinks),
    },
    methods: ['roots', 'list', 'find', 'explain'],
  };
}

export const storages: PluginFamily<Storage> = {
  noun: 'storage',
  builtIns: {
    filesystem: filesystemStorage,
    // Loaded when needed, with the clients of the services.
    s3: async (options) =>
      (await import('../storages/s3/s3.js')).s3Storage(options as unknown as S3StorageOptions),
    gcs: async (options) =>
      (await import('../storages/gcs/gcs.js')).gcsStorage(options as unknown as GcsStorageOptions),
    async azure(options) {
      const { withAzureCredentials } = await import('../storages/azure/options.js');
      const { azureStorage } = await import('../storages/azure/azure.js');
      return azureStorage(withAzureCredentials(options) as unknown as AzureStorageOptions);
    },
    rsync: async (options, context) =>
      (await import('../storages/rsync/rsync.js')).rsyncStorage(options as unknown as RsyncOptions, context),
  },
  optionRules: {
    filesystem: async () => (await import('../storages/filesystem/options.js')).FILESYSTEM_OPTIONS,
    s3: async () => (await import('../storages/s3/options.js')).S3_OPTIONS,
    gcs: async () => (await import('../storages/gcs/options.js')).GCS_OPTIONS,
    azure: async () => (await import('../storages/azure/options.js')).AZURE_OPTIONS,
    rsync: async () => (await import('../storages/rsync/options.js')).RSYNC_OPTIONS,
  },
  methods: ['inventory', 'write', 'remove', 'readText'],
};

export const hooks: PluginFamily<AfterPublish> = {
  noun: 'hook',
  builtIns: {
    cloudfront: async (options, context) =>
      (await import('../cdn/cloudfront/cloudfront.js')).cloudfront(
        options as unknown as CloudFrontOptions,
        context,
      ),
  },
  optionRules: {
    cloudfront: async () => (await import('../cdn/cloudfront/options.js')).CLOUDFRONT_OPTIONS,
  },
  methods: 'function',
};

export const processors: PluginFamily<Processor> = {
  noun: 'processor',
  builtIns: {
    // Loaded when needed: its scanners would slow down plain collecting.
    async fingerprint(options, { baseDir }) {
      const { fingerprint } = await import('../processors/fingerprint/processor.js');
      return fingerprint(await withScanners(options, baseDir));
    },
    compress: async (options) => (await import('../processors/compress/processor.js')).compress(options),
  },
  optionRules: {
    async fingerprint() {
      const { fingerprintOptions } = await import('../processors/fingerprint/options.js');
      return fingerprintOptions(scanner);
    },
    compress: async () => (await import('../processors/compress/options.js')).COMPRESS_OPTIONS,
  },
  methods: ['process'],
};

const SCANNER = 'a scanner, or the path of its module';

/** In JSON a scanner is the path of a module or the name of a package that exports it by default. */
const scanner = oneOf<unknown>(
  [(input) => typeof input === 'function', v.function(SCANNER)],
  [() => true, v.pipe(v.string(SCANNER), v.nonEmpty(SCANNER))],
);

const SCANNERS: PluginFamily<object> = { noun: 'scanner', builtIns: {}, methods: [] };

/**
 * Returns the options of `fingerprint` with its scanners loaded. Invalid options are left for the processor to refuse.
 *
 * @throws StaticFilesError `plugin` if a scanner cannot be loaded
 */
async function withScanners(options: Options, baseDir: string): Promise<Options> {
  const { references } = options;
  if (!isRecord(references) || !Array.isArray(references.scanners)) return options;
  const scanners: unknown[] = [];
  for (const scanner of references.scanners) scanners.push(await loaded(scanner, baseDir));
  return { ...options, references: { ...references, scanners } };
}

type Options = Readonly<Record<string, unknown>>;

/** Whether options of `fingerprint` name scanners that are not built in. */
export function hasCustomScanners({ references }: Options): boolean {
  return isRecord(references) && Array.isArray(references.scanners) && references.scanners.length > 0;
}

async function loaded(scanner: unknown, baseDir: string): Promise<unknown> {
  if (!isRecord(scanner) || typeof scanner.scan !== 'string') return scanner;
  const subject = `The scanner '${scanner.scan}' (references.scanners of fingerprint)`;
  const form = 'a function (bytes) that finds references';
  return { ...scanner, scan: await loadFactory(scanner.scan, SCANNERS, baseDir, subject, form) };
}
