import { systemErrorCode } from '../../errors.js';
import { type Answer, chain, type StaticRequest } from '../answer.js';
import { createLoader } from '../bodies/load-representation.js';
import { createRepresentationCache, retire } from '../bodies/representation-cache.js';
import type { HeaderPolicy } from '../bodies/representation-headers.js';
import { dropEncodings, type Resource } from '../bodies/resource.js';
import { textOf } from '../http/conditions.js';
import { createNegotiation } from '../http/negotiation.js';
import { ABSENT, forMethod, NOT_ACCEPTABLE, OVERLOADED } from '../http/refusals.js';
import { respond } from './respond.js';

/** Number of tries for a file that changes while it is read. */
const TRIES = 5;

/** Codes of the system's errors when no more files can be opened. */
const TOO_MANY: readonly unknown[] = ['EMFILE', 'ENFILE'];

/** Sends files. */
export interface Sender {
  /** Answers a GET or HEAD; without a promise if the bytes are in memory. */
  send(request: StaticRequest, resource: Resource): Answer | Promise<Answer>;
  /** Closes all open files; those that are being sent, when they are sent. */
  close(): void;
}

/** @param cacheSize bytes of file contents to keep in memory */
export function createSender(policy: HeaderPolicy, cacheSize: number): Sender {
  const cache = createRepresentationCache(cacheSize);
  const load = createLoader(policy, cache);
  const negotiate = createNegotiation();
  let active = 0;
  let isClosed = false;

  const codingFor = ({ headers }: StaticRequest, { codings }: Resource) =>
    negotiate(textOf(headers['accept-encoding']), codings);

  function send(request: StaticRequest, resource: Resource): Answer | Promise<Answer> {
    const coding = codingFor(request, resource);
    if (coding === undefined) return forMethod(request, NOT_ACCEPTABLE);
    const representation = resource.isLasting ? cache.get(resource.keys[coding]!) : undefined;
    if (representation === undefined) return sendLoaded(request, resource);
    return chain(respond(request, representation), (answer) => answer ?? sendLoaded(request, resource));
  }

  async function sendLoaded(request: StaticRequest, resource: Resource): Promise<Answer> {
    active++;
    try {
      return await trySending(request, resource);
    } catch (error) {
      if (!TOO_MANY.includes(systemErrorCode(error))) throw error;
      cache.clear();
      return forMethod(request, OVERLOADED);
    } finally {
      active--;
      if (isClosed && active === 0) cache.clear();
    }
  }

  async function trySending(request: StaticRequest, resource: Resource): Promise<Answer> {
    for (let tries = 1; tries <= TRIES; tries++) {
      const coding = codingFor(request, resource);
      if (coding === undefined) return forMethod(request, NOT_ACCEPTABLE);
      const representation = await load(resource, coding);
      if (representation === undefined) {
        if (coding === 'identity') return forMethod(request, ABSENT);
        dropEncodings(resource, (encoded) => encoded.coding === coding);
        continue;
      }
      const answer = await respond(request, representation);
      if (!resource.isLasting) retire(representation);
      if (answer !== undefined) return answer;
    }
    throw new Error(`'${resource.file.file}' changes faster than it can be sent.`);
  }

  return {
    send,
    close() {
      isClosed = true;
      if (active === 0) cache.clear();
    },
  };
}
