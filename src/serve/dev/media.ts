import { loadMediaTypes } from '../../model/media-type.js';
import { type Environment, processEnvironment } from '../../runtime/options.js';
import { type NodeHandler, nodeHandler } from '../adapters/node.js';
import type { Answering } from '../answer.js';
import { createAnswerer } from '../answering/answer-requests.js';
import { headerPolicy } from '../answering/header-policy.js';
import { basePath, systemPath } from '../published.js';
import { createHostCheck } from './allowed-hosts.js';
import { folderSource } from './folder-files.js';

export interface MediaOptions {
  /** The folder of what users upload; Django's `MEDIA_ROOT`. */
  readonly root: string | URL;
  /** What stands before each path, ending in `/`; Django's `MEDIA_URL`. `/media/` unless given. */
  readonly url?: string;
  /** `process.env` unless given. */
  readonly env?: Environment;
  /** Hosts under which files are answered besides this machine's own; as that of `serve()`. */
  readonly allowedHosts?: readonly string[];
}

/**
 * Serves what users upload in development, as Django's `static(MEDIA_URL, document_root=MEDIA_ROOT)` does. Where
 * `NODE_ENV` is `production` it answers nothing, as there: a web server of its own does it then.
 *
 * @example
 * app.use(await serveMedia({ root: 'media', url: '/media/' }));
 */
export async function serveMedia({
  root,
  url = '/media/',
  env = processEnvironment(),
  allowedHosts,
}: MediaOptions): Promise<NodeHandler & { readonly answer: Answering }> {
  const source = folderSource(systemPath(root), await loadMediaTypes());
  const { answer } = createAnswerer({
    mounts: env.NODE_ENV === 'production' ? [] : [{ base: basePath(url), source, leaves: 'unknown' }],
    policy: headerPolicy({ dev: true }),
    cacheSize: 0,
    refuse: createHostCheck(allowedHosts),
  });
  return Object.assign(nodeHandler(answer), { answer });
}
