import { LRUCache } from 'lru-cache';
import { type Answer, type Answering, chain, type StaticRequest } from '../answer.js';
import type { HeaderPolicy } from '../bodies/representation-headers.js';
import { createResource, type Resource } from '../bodies/resource.js';
import { ABSENT, forMethod, MALFORMED, pageOf, redirectTo, WRONG_METHOD } from '../http/refusals.js';
import { targetPath } from '../http/request-path.js';
import { type Found, findUnder, type Mount } from './mount.js';
import { createSending } from './send.js';

/** Of so many paths is remembered which file answers them. */
const MAX_RESOURCES = 10_000;

export interface AnsweringOptions {
  /** Each is asked that a path lies under, until one answers. */
  readonly mounts: readonly Mount[];
  readonly policy: HeaderPolicy;
  /** How many bytes the bodies in memory may have together. */
  readonly cacheSize: number;
  /** Gives the answer to a request that must not be answered with files, whatever its path. */
  readonly refuse?: ((request: StaticRequest) => Answer | undefined) | undefined;
}

/** Answers requests for static files. */
export interface Answerer {
  readonly answer: Answering;
  /** Closes all files, as soon as they are sent. */
  close(): void;
}

export function createAnswerer({ mounts, policy, cacheSize, refuse }: AnsweringOptions): Answerer {
  const { send, close } = createSending(policy, cacheSize);
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
      if (isLeft(mount, found, path, request)) return answerFrom(index + 1, path, request);
      const refused = refuse?.(request);
      if (refused !== undefined) return forMethod(request, refused);
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

/** One for all ways to escape a path: else a single file could fill the memory. */
function keyOf(path: string, base: string): string {
  return path.includes('%') ? base + decodeURIComponent(path.slice(base.length)) : path;
}

function isReading({ method }: StaticRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Whether the application is to answer. */
function isLeft({ leaves }: Mount, found: Found, path: string, request: StaticRequest): boolean {
  if (typeof found === 'string' && found !== 'folder') {
    return leaves === 'all' || (leaves === 'unknown' && found === 'unknown');
  }
  // A form may well be sent to the path of an index.
  return leaves === 'all' && !isReading(request) && (found === 'folder' || path.endsWith('/'));
}

function queryOf({ url = '' }: StaticRequest): string {
  return /\?[^#]*/.exec(url)?.[0] ?? '';
}
