import { runAll } from '../../concurrency/run-all.js';
import type { PluginContext } from '../../plugins/plugin.js';
import { belowDestination } from '../destination.js';
import type { InventoryOptions, Storage } from '../storage.js';
import { createHost } from './host.js';
import { type KnownHost, readHost } from './host-state.js';
import { hostsInventory } from './inventory.js';
import { type RsyncOptions, rsyncRules } from './options.js';
import { type Publishing, startPublishing } from './publishing.js';
import { textsOf } from './read-texts.js';

export type { RsyncOptions };

/**
 * Returns a storage that publishes to your own servers with rsync, mostly over ssh. Only changed files are sent, and the
 * manifest is written once all hosts have all files. An index at each host lists what is published.
 *
 * @throws StaticFilesError `settings` for invalid options
 * @example
 * const storage = rsyncStorage({ hosts: ['deploy@web1:/srv/static/', 'deploy@web2:/srv/static/'] }, context);
 */
export function rsyncStorage(options: RsyncOptions, context: PluginContext): Storage {
  const { cacheDir, baseDir } = context;
  const rules = rsyncRules(options, baseDir);
  const hosts = rules.hosts.map((destination) => createHost(destination, rules, cacheDir));
  const texts = textsOf(hosts[0]!, cacheDir);
  let latest: { readonly known: readonly KnownHost[]; readonly publishing: Publishing } | undefined;

  async function look(
    signal: AbortSignal,
    { refresh = false, index: indexed = true }: InventoryOptions = {},
  ) {
    texts.forget();
    const known = await runAll(hosts, { signal }, (host, either) =>
      readHost(host, { cacheDir, refresh: refresh || !indexed, signal: either }),
    );
    latest = { known, publishing: startPublishing(known, { ...context, indexed }) };
    return latest;
  }

  /** Looks first if nobody has: some commands remove a file without an inventory. */
  async function changing(signal: AbortSignal): Promise<Publishing> {
    texts.forget();
    return (latest ?? (await look(signal))).publishing;
  }

  return belowDestination({
    name: 'rsync',
    displayUrl: rules.hosts.join(', '),
    async inventory(signal, options) {
      const { known } = await look(signal, options);
      return hostsInventory(known, { cacheDir, refresh: options?.refresh ?? false, signal });
    },
    write: async (files, writing) => (await changing(writing.signal)).write(files, writing),
    remove: async (publicPaths, removing) => (await changing(removing.signal)).remove(publicPaths, removing),
    readText: (publicPath) => texts.read(publicPath, latest?.known[0]),
    commit: async ({ signal }) => (await changing(signal)).close(signal),
  });
}
