import { LRUCache } from 'lru-cache';
import { type Answer, type Answering, chain, type StaticRequest } from '../answer.js';
import type { HeaderPolicy } from '../bodies/representation-headers.js';
import { createResource, type Resource } from '../bodies/resource.js';
import { ABSENT, forMethod, MALFORMED, pageOf, redirectTo, WRONG_METHOD } from '../http/refusals.js';
import { targetPath } from '../http/request-path.js';
import { type Found, findUnder, type Mount } from './mount.js';
import { createSender } from './send.js';

/** Number of paths whose files are remembered. */
const MAX_RESOURCES = 10_000;

/** Returns the answer to a request that must not be served, whatever its path; otherwise `undefined`. */
export type Refuse = (request: StaticRequest) => Answer | undefined;

export interface AnswererOptions {
  /** Those whose base begins the path are tried in order until one answers. */
  readonly mounts: readonly Mount[];
  readonly policy: HeaderPolicy;
  /** Bytes of file contents to keep in memory. */
  readonly cacheSize: number;
  readonly refuse?: Refuse | undefined;
}

/** Answers requests for static files. */
export interface Answerer {
  readonly answer: Answering;
  /** Closes all open files; those that are being sent, when they are sent. */
  close(): void;
}

/** Returns what answers requests for the files of the mounts. */
export function createAnswerer({ mounts, policy, cacheSize, refuse }: AnswererOptions): Answerer {
  const { send, close } = createSender(policy, cacheSize);
  const resources = new LRUCache<string, Resource>({ max: MAX_RESOURCES });

  function answer(request: StaticRequest): ReturnType<Answering> {
    const path = targetPath(request.url ?? '');
    const resource = isReading(request) ? resources.get(path) : undefined;
    return resource === undefined ? answerFrom(0, path, request) : send(request, resource);
  }

  function answerFrom(index: number, path: string, request: StaticRequest): ReturnType<Answering> {
    const mount = mounts[index];
    if (mount === undefined) return undefined;
    if (!path.startsWith(mount.base)) return answerFrom(index + 1, path, request);
    return chain(findUnder(mount, path), (found) => {
      if (fallsThrough(mount, found, path, request)) return answerFrom(index + 1, path, request);
      const refusal = refuse?.(request);
      if (refusal !== undefined) return forMethod(request, refusal);
      return isReading(request) ? answerFound(mount, found, path, request) : WRONG_METHOD;
    });
  }

  function answerFound(
    { base, source }: Mount,
    found: Found,
    path: string,
    request: StaticRequest,
  ): Answer | Promise<Answer> {
    if (found === 'malformed') return forMethod(request, MALFORMED);
    if (found === 'folder') return forMethod(request, redirectTo(`${path}/${queryOf(request)}`));
    if (typeof found === 'string') return forMethod(request, ABSENT);
    if ('page' in found) return forMethod(request, pageOf(found.page));
    if (source.live) return send(request, createResource(found.file, false));
    const key = keyOf(path, base);
    const resource = resources.get(key) ?? createResource(found.file, true);
    resources.set(key, resource);
    return send(request, resource);
  }

  return { answer, close };
}

/** Returns one key for all ways to escape a path. Otherwise a single file could fill the memory. */
function keyOf(path: string, base: string): string {
  return path.includes('%') ? base + decodeURIComponent(path.slice(base.length)) : path;
}

function isReading({ method }: StaticRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Whether the request falls through to the application. */
function fallsThrough({ leaves }: Mount, found: Found, path: string, request: StaticRequest): boolean {
  if (typeof found === 'string' && found !== 'folder') {
    return leaves === 'all' || (leaves === 'unknown' && found === 'unknown');
  }
  // A form may be sent to the path of an index file.
  return leaves === 'all' && !isReading(request) && (found === 'folder' || path.endsWith('/'));
}

function queryOf({ url = '' }: StaticRequest): string {
  return /\?[^#]*/.exec(url)?.[0] ?? '';
}
