import { oneAtATime } from '../concurrency/one-at-a-time.js';
import { hasManifest, type ResolvedOptions, resolveOptions } from '../runtime/locate.js';
import { modeOf } from '../runtime/mode.js';
import { type NodeHandler, nodeHandler } from './adapters/node.js';
import type { Answering } from './answer.js';
import { type Answerer, type AnswererOptions, createAnswerer } from './answering/answer-requests.js';
import { headerPolicy } from './answering/header-policy.js';
import type { ServeOptions } from './options.js';
import { assertAmount } from './options.js';
import { loadMounts } from './published.js';

/** Default of the option `cacheSize`. */
export const CACHE_BYTES = 64 * 1024 * 1024;

/** Handler of static files for `node:http`, Connect and Express. Its functions can be used without `this`. */
export interface StaticServer extends NodeHandler {
  /** Answers a request of any server. The adapters use it. */
  readonly answer: Answering;
  /**
   * Reads the manifest or the folder again for all later requests. If that fails, they keep being answered as before.
   *
   * @throws StaticFilesError with the codes of {@link serve}
   * @example
   * process.on('SIGHUP', () => statics.reload().catch((error) => console.error(error.message)));
   */
  reload(): Promise<void>;
  /** Closes all open files; those that are being sent, when they are sent. */
  close(): void;
}

/**
 * Returns a handler that serves the published static files or, in development, the sources. If nothing has been collected,
 * it is development unless `NODE_ENV` is `production` (docs/development.md).
 *
 * @throws StaticFilesError `target` if the manifest is missing, or if it or its details cannot be read or are damaged;
 *   `usage` for an invalid option; `settings` and `plugin` if the settings are needed and fail
 * @example
 * const statics = await serve({ manifest: 'staticfiles/staticfiles.json', baseUrl: '/static/' });
 * http.createServer(statics).listen(8000);
 * app.use(statics); // Express
 */
export async function serve(options: ServeOptions = {}): Promise<StaticServer> {
  const { cacheSize = CACHE_BYTES } = options;
  assertAmount('cacheSize', 'bytes', cacheSize);
  const resolved = resolveOptions(options);
  // Only published files have a folder of their own.
  const modeNow = modeOf(resolved, options.dev ?? (options.root === undefined ? undefined : false));
  const load = async (): Promise<Answerer> => {
    const { isDevelopment: dev, isAssumed } = await modeNow(() => hasManifest(resolved));
    const served = dev
      ? await inDevelopment(resolved, options)
      : { mounts: await loadMounts(resolved, options, isAssumed) };
    return createAnswerer({ ...served, policy: headerPolicy({ ...options, dev }), cacheSize });
  };
  let current = await load();
  const answer: Answering = (request) => current.answer(request);
  return Object.assign(nodeHandler(answer), {
    answer,
    reload: oneAtATime(async () => {
      const loaded = await load();
      current.close();
      current = loaded;
    }),
    close: () => current.close(),
  });
}

/** Loads the modules that find sources. A production server never does. */
async function inDevelopment(
  resolved: ResolvedOptions,
  options: ServeOptions,
): Promise<Pick<AnswererOptions, 'mounts' | 'refuse'>> {
  const [{ createHostCheck }, { developmentMounts }] = await Promise.all([
    import('./dev/allowed-hosts.js'),
    import('./dev/dev-mounts.js'),
  ]);
  const refuse = createHostCheck(options.allowedHosts);
  return { mounts: await developmentMounts(resolved, options), refuse };
}
