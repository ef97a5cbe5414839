import fs from 'node:fs';
import path from 'node:path';
import type { PluginContext } from '../settings/settings.js';
import { onAllHosts } from './rsync/all-hosts.js';
import { createHost } from './rsync/host.js';
import { hostsInventory } from './rsync/inventory.js';
import { readHost } from './rsync/known-host.js';
import { type RsyncOptions, rsyncRules } from './rsync/options.js';
import { type Publishing, startPublishing } from './rsync/publishing.js';
import { inTemporaryFolder } from './rsync/temporary-folder.js';
import type { InventoryOptions, Storage } from './storage.js';

export type { RsyncOptions };

/**
 * Publishes to servers of one's own by rsync, mostly over ssh: only what has changed travels, the manifest is written
 * when all hosts have all files. What was published is known from an account at each host.
 *
 * @throws StaticFilesError `settings` where an option makes no sense
 * @example
 * const storage = rsyncStorage({ hosts: ['deploy@web1:/srv/static/', 'deploy@web2:/srv/static/'] }, context);
 */
export function rsyncStorage(options: RsyncOptions, context: PluginContext): Storage {
  const { cacheDir, baseDir } = context;
  const rules = rsyncRules({ ...options }, baseDir);
  const hosts = rules.hosts.map((destination) => createHost(destination, rules, cacheDir));
  let publishing: Publishing | undefined;

  async function look(signal: AbortSignal, { afresh = false, index: indexed = true }: InventoryOptions = {}) {
    const known = await onAllHosts(hosts, signal, (host, either) =>
      readHost(host, { cacheDir, afresh: afresh || !indexed, signal: either }),
    );
    publishing = startPublishing(known, { ...context, indexed });
    return { known, publishing };
  }

  /** Some commands remove a file without having asked what there is. */
  const current = async (signal: AbortSignal) => publishing ?? (await look(signal)).publishing;

  return {
    name: 'rsync',
    place: rules.hosts.join(', '),
    async inventory(signal, options) {
      const { known } = await look(signal, options);
      return hostsInventory(known, { cacheDir, afresh: options?.afresh ?? false, signal });
    },
    write: async (files, writeOptions) => (await current(writeOptions.signal)).write(files, writeOptions),
    remove: async (publicPaths, removeOptions) =>
      (await current(removeOptions.signal)).remove(publicPaths, removeOptions),
    readText: (publicPath) =>
      inTemporaryFolder(cacheDir, async (folder) => {
        await hosts[0]!.pull([publicPath], folder, new AbortController().signal);
        const file = path.join(folder, publicPath);
        return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
      }),
    finalize: async (_, signal) => (await current(signal)).close(signal),
  };
}

export default rsyncStorage;
