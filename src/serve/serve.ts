import { type Choice, choose } from '../runtime/locate.js';
import { type NodeHandler, nodeHandler } from './adapters/node.js';
import type { Answering } from './answer.js';
import { type Answerer, type AnsweringOptions, createAnswerer } from './answering/answer-requests.js';
import { headerPolicy } from './answering/header-policy.js';
import type { ServeOptions } from './options.js';
import { assertAmount } from './options.js';
import { loadMounts } from './published.js';

/** Unless the option `cacheSize` says otherwise. */
const CACHE_BYTES = 64 * 1024 * 1024;

/** Static files, ready to be served: a handler for `node:http`, Connect and Express. Its functions need no `this`. */
export interface StaticServer extends NodeHandler {
  /** Answers a request of any server; what the adapters are made of. */
  readonly answer: Answering;
  /**
   * Reads the manifest again, or the folder; all further requests are answered by it. Where that fails, they go on
   * with what there was.
   *
   * @throws StaticFilesError as {@link serve}
   */
  reload(): Promise<void>;
  /** Closes the files that are kept open, as soon as they are sent. */
  close(): void;
}

/**
 * Serves published static files; with `dev`, the sources as they are.
 *
 * @throws StaticFilesError `target` where the manifest is not there, or it or its details cannot be read or are
 *   damaged; `usage` for options that make no sense; `settings` and `plugin` where the settings are needed
 * @example
 * const statics = await serve({ manifest: 'staticfiles/staticfiles.json', baseUrl: '/static/' });
 * http.createServer(statics).listen(8000);
 * app.use(statics); // Express
 */
export async function serve(options: ServeOptions = {}): Promise<StaticServer> {
  const { cacheSize = CACHE_BYTES } = options;
  assertAmount('cacheSize', 'bytes', cacheSize);
  const choice = choose(options);
  const load = async (): Promise<Answerer> => {
    const served = options.dev
      ? await inDevelopment(choice, options)
      : { mounts: await loadMounts(choice, options) };
    return createAnswerer({ ...served, policy: headerPolicy(options), cacheSize });
  };
  let current = await load();
  let lastReload: Promise<void> = Promise.resolve();
  const answer: Answering = (request) => current.answer(request);
  return Object.assign(nodeHandler(answer), {
    answer,
    reload() {
      // One after the other, so that an older manifest never replaces a newer one.
      const reload = lastReload.then(async () => {
        const loaded = await load();
        current.close();
        current = loaded;
      });
      lastReload = reload.catch(() => {});
      return reload;
    },
    close: () => current.close(),
  });
}

/** What it takes to find sources, no production server loads. */
async function inDevelopment(
  choice: Choice,
  options: ServeOptions,
): Promise<Pick<AnsweringOptions, 'mounts' | 'refuse'>> {
  const [{ createHostCheck }, { developmentMounts }] = await Promise.all([
    import('./dev/allowed-hosts.js'),
    import('./dev/dev-mounts.js'),
  ]);
  const refuse = createHostCheck(options.allowedHosts);
  return { mounts: await developmentMounts(choice, options), refuse };
}
