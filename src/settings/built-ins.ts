import type { CloudFrontOptions } from '../finalizers/cloudfront.js';
import type { Finalizer } from '../finalizers/finalizer.js';
import { appDirectoriesFinder } from '../finders/app-directories.js';
import { fileSystemFinder } from '../finders/file-system.js';
import type { Finder } from '../finders/finder.js';
import type { VendorLinkPolicy } from '../finders/package-links.js';
import type { Processor } from '../processors/processor.js';
import type { SearchRoot } from '../static-file.js';
import type { AzureStorageOptions } from '../storages/azure.js';
import { filesystemStorage } from '../storages/filesystem.js';
import type { GcsStorageOptions } from '../storages/gcs.js';
import type { RsyncOptions } from '../storages/rsync.js';
import type { S3StorageOptions } from '../storages/s3.js';
import type { Storage } from '../storages/storage.js';
import type { PluginFamily } from './plugins/plugin-family.js';

/** The names of the finders that a project uses unless it says otherwise, in their order. */
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
    // Loaded when needed, and with them the clients of the services.
    s3: async (options) =>
      (await import('../storages/s3.js')).s3Storage(options as unknown as S3StorageOptions),
    gcs: async (options) =>
      (await import('../storages/gcs.js')).gcsStorage(options as unknown as GcsStorageOptions),
    async azure(options) {
      const { withAzureCredentials } = await import('./plugins/azure-credentials.js');
      const { azureStorage } = await import('../storages/azure.js');
      return azureStorage(withAzureCredentials(options) as unknown as AzureStorageOptions);
    },
    rsync: async (options, context) =>
      (await import('../storages/rsync.js')).rsyncStorage(options as unknown as RsyncOptions, context),
  },
  methods: ['inventory', 'write', 'remove', 'readText'],
};

export const finalizers: PluginFamily<Finalizer> = {
  noun: 'finalizer',
  builtIns: {
    cloudfront: async (options, context) =>
      (await import('../finalizers/cloudfront.js')).cloudfront(
        options as unknown as CloudFrontOptions,
        context,
      ),
  },
  methods: 'function',
};

export const processors: PluginFamily<Processor> = {
  noun: 'processor',
  builtIns: {
    // Loaded when needed: its scanners take time that plain collecting need not spend.
    async fingerprint(options, { baseDir }) {
      const { fingerprint } = await import('../processors/fingerprint.js');
      const { withScanners } = await import('./plugins/scanners.js');
      return fingerprint(await withScanners(options, baseDir));
    },
    compress: async (options) => (await import('../processors/compress.js')).compress(options),
  },
  methods: ['process'],
};
