import { LRUCache } from 'lru-cache';
import { type Answer, type Answering, chain, type StaticRequest } from '../answer.js';
import type { HeaderPolicy } from '../bodies/representation-headers.js';
import { createResource, type Resource } from '../bodies/resource.js';
import { ABSENT, forMethod, MALFORMED, pageOf, redirectTo, WRONG_METHOD } from '../http/refusals.js';
import { targetPath } from '../http/request-path.js';
import { asFallback, isForPage } from './fallback.js';
import { type Found, findUnder, type Mount } from './mount.js';
import { createSender } from './send.js';

/** Number of paths whose files are remembered, and of paths that have none. */
const MAX_RESOURCES = 10_000;

/** Longer paths are not remembered, since anybody can make them up. */
const MAX_UNKNOWN_LENGTH = 256;

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
  const unknown = new LRUCache<string, true>({ max: MAX_RESOURCES });

  function answer(request: StaticRequest): ReturnType<Answering> {
    const path = targetPath(request.url ?? '');
    if (!isReading(request)) return answerFrom(0, path, request);
    const resource = resources.get(path);
    if (resource !== undefined) return send(request, resource);
    return unknown.get(path) ? forMethod(request, ABSENT) : answerFrom(0, path, request);
  }

  function answerFrom(index: number, path: string, request: StaticRequest): ReturnType<Answering> {
    const mount = mounts[index];
    if (mount === undefined) return undefined;
    return chain(findUnder(mount, path), (found) => {
      const fallback = () => (found === 'unknown' ? answerFallback(mount, path, request) : undefined);
      // Files of other mounts come before the fallback of this one.
      if (fallsThrough(mount, found, path, request)) {
        return chain(answerFrom(index + 1, path, request), (answered) => answered ?? fallback());
      }
      const refusal = refuse?.(request);
      if (refusal !== undefined) return forMethod(request, refusal);
      if (!isReading(request)) return WRONG_METHOD;
      return chain(fallback(), (answered) => answered ?? answerFound(mount, found, path, request));
    });
  }

  function answerFound(
    mount: Mount,
    found: Found,
    path: string,
    request: StaticRequest,
  ): Answer | Promise<Answer> {
    if (found === 'malformed') return forMethod(request, MALFORMED);
    if (found === 'folder') return forMethod(request, redirectTo(`${path}/${queryOf(request)}`));
    if (found === 'page') return forMethod(request, redirectTo(`${path.slice(0, -1)}${queryOf(request)}`));
    if (typeof found === 'string') {
      if (found === 'unknown' && staysUnknown(mount) && path.length <= MAX_UNKNOWN_LENGTH)
        unknown.set(path, true);
      return forMethod(request, ABSENT);
    }
    if ('listing' in found) return forMethod(request, pageOf(found.listing));
    const file = 'file' in found ? found.file : found.index;
    if (mount.source.live) return send(request, createResource(file, false));
    const key = keyOf(path, mount.base);
    const resource = resources.get(key) ?? createResource(file, true);
    resources.set(key, resource);
    return send(request, resource);
  }

  function answerFallback(mount: Mount, path: string, request: StaticRequest): ReturnType<Answering> {
    const name = mount.pages?.fallback;
    if (name === undefined || !isReading(request) || !isForPage(path, request)) return undefined;
    return chain(mount.source.find(name), (file) => {
      if (file === undefined) return undefined;
      const refusal = refuse?.(request);
      if (refusal !== undefined) return forMethod(request, refusal);
      return chain(send(request, createResource(file, !mount.source.live)), asFallback);
    });
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
function fallsThrough({ base, leaves }: Mount, found: Found, path: string, request: StaticRequest): boolean {
  if (found === 'elsewhere') return true;
  // A form may be sent to the path of a page, and everything to a path that no file has.
  if (!isReading(request)) return leaves === 'none' ? !path.startsWith(base) : !isOwnPath(found);
  if (leaves === 'none') return false;
  return found === 'unknown' || found === 'malformed' || (leaves === 'all' && found === 'gone');
}

/** Whether the path is a file's own. */
function isOwnPath(found: Found): boolean {
  return typeof found === 'object' && 'file' in found;
}

/** Another client may get the fallback page, and a page without its extension may be one of another release. */
function staysUnknown({ source, pages }: Mount): boolean {
  return !source.live && pages?.fallback === undefined && !pages?.extensions.length;
}

function queryOf({ url = '' }: StaticRequest): string {
  return /\?[^#]*/.exec(url)?.[0] ?? '';
}
