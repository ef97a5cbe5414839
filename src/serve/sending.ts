import { systemErrorCode } from '../errors.js';
import type { Answer, StaticRequest } from './answer.js';
import { chain } from './chain.js';
import { textOf } from './conditions.js';
import { type Content, readContent } from './content.js';
import { decodesTo } from './decoding.js';
import type { HeaderPolicy } from './file-headers.js';
import type { EncodedFile } from './file-source.js';
import { createNegotiation } from './negotiation.js';
import { ABSENT, forMethod, NOT_ACCEPTABLE, OVERLOADED } from './refusals.js';
import { type Representation, represent } from './representation.js';
import { createRepresentationCache, retire } from './representation-cache.js';
import type { Resource } from './resource.js';
import { respond } from './respond.js';

/** How often an answer is tried whose file changes meanwhile. */
const TRIES = 5;

/** Sends files. */
export interface Sending {
  /** Answers a GET or HEAD; at once where the bytes are in memory. */
  send(request: StaticRequest, resource: Resource): Answer | Promise<Answer>;
  /** Closes all files, as soon as they are sent. */
  close(): void;
}

export function createSending(policy: HeaderPolicy, cacheSize: number): Sending {
  const negotiate = createNegotiation();
  const cache = createRepresentationCache(cacheSize);
  const loading = new Map<string, Promise<Representation | undefined>>();
  let active = 0;
  let isClosed = false;

  function send(request: StaticRequest, resource: Resource): Answer | Promise<Answer> {
    const coding = negotiate(textOf(request.headers['accept-encoding']), resource.codings);
    if (coding === undefined) return forMethod(request, NOT_ACCEPTABLE);
    const representation = resource.isLasting ? cache.get(resource.keyOf(coding)) : undefined;
    if (representation === undefined) return sendLoaded(request, resource);
    return chain(respond(request, representation), (answer) => answer ?? sendLoaded(request, resource));
  }

  async function sendLoaded(request: StaticRequest, resource: Resource): Promise<Answer> {
    active++;
    try {
      return await trySending(request, resource);
    } catch (error) {
      if (!['EMFILE', 'ENFILE'].includes(systemErrorCode(error) ?? '')) throw error;
      cache.clear();
      return forMethod(request, OVERLOADED);
    } finally {
      active--;
      if (isClosed && active === 0) cache.clear();
    }
  }

  async function trySending(request: StaticRequest, resource: Resource): Promise<Answer> {
    for (let tries = 1; tries <= TRIES; tries++) {
      const coding = negotiate(textOf(request.headers['accept-encoding']), resource.codings);
      if (coding === undefined) return forMethod(request, NOT_ACCEPTABLE);
      const representation = await (resource.isLasting ? remembered : load)(resource, coding);
      if (representation === undefined) {
        if (coding === 'identity') return forMethod(request, ABSENT);
        resource.drop((encoded) => encoded.coding === coding);
        continue;
      }
      const answer = await respond(request, representation);
      if (!resource.isLasting) retire(representation);
      if (answer !== undefined) return answer;
    }
    throw new Error(`'${resource.file.file}' changes faster than it can be sent.`);
  }

  /** Loads what is asked for by several requests at once. */
  function remembered(resource: Resource, coding: string): Promise<Representation | undefined> {
    const key = resource.keyOf(coding);
    const known = cache.get(key);
    if (known !== undefined) return Promise.resolve(known);
    const inFlight = loading.get(key);
    if (inFlight !== undefined) return inFlight;
    const started = load(resource, coding)
      .then((representation) => {
        if (representation !== undefined) cache.set(key, representation);
        return representation;
      })
      .finally(() => loading.delete(key));
    loading.set(key, started);
    return started;
  }

  async function load(resource: Resource, coding: string): Promise<Representation | undefined> {
    const { file, codings } = resource;
    const encoded = resource.encodedFile(coding);
    const content = await readContent(encoded?.file ?? file.file, file.within, cache.maxInMemory);
    if (content === undefined) return undefined;
    if (encoded !== undefined && !(await isOf(resource, encoded, content))) {
      retire(content);
      return undefined;
    }
    const representation = represent(file, content, coding, codings.length > 1, policy);
    if (representation.isReplaced) resource.drop(() => true);
    return representation;
  }

  /** Whether compressed bytes are those of the file, as far as that is known. */
  async function isOf(resource: Resource, encoded: EncodedFile, content: Content): Promise<boolean> {
    if (!encoded.unproven) return encoded.size === undefined || encoded.size === content.size;
    const original = await remembered(resource, 'identity');
    return original !== undefined && decodesTo(content, encoded.coding, original);
  }

  return {
    send,
    close() {
      isClosed = true;
      if (active === 0) cache.clear();
    },
  };
}
