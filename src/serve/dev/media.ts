import { loadMediaTypes } from '../../model/media-type.js';
import { type Environment, processEnvironment } from '../../runtime/options.js';
import { type NodeHandler, nodeHandler } from '../adapters/node.js';
import type { Answering } from '../answer.js';
import { createAnswerer } from '../answering/answer-requests.js';
import { headerPolicy } from '../answering/header-policy.js';
import { basePath, systemPath } from '../options.js';
import { createHostCheck } from './allowed-hosts.js';
import { folderSource } from './folder-files.js';

/** Options of `serveMedia()`. */
export interface MediaOptions {
  /** Folder of the uploads: Django's `MEDIA_ROOT`. */
  readonly root: string | URL;
  /** Path below which they are served; it ends in `/`: Django's `MEDIA_URL` (default: `/media/`). */
  readonly url?: string;
  /** Environment variables, of which `NODE_ENV` is read (default: `process.env`). */
  readonly env?: Environment;
  /** Hosts that are served besides this machine, as in the option of `serve()`. */
  readonly allowedHosts?: readonly string[];
}

/**
 * Returns a handler that serves users' uploads in development, like Django's
 * `static(MEDIA_URL, document_root=MEDIA_ROOT)`. If `NODE_ENV` is `production`, all requests fall through, because uploads
 * should then be served by a web server of their own.
 *
 * @throws StaticFilesError `usage` if the URL does not end in `/` or an allowed host is invalid
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
