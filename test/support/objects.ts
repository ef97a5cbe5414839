import type {
  ListedObject,
  ObjectBody,
  ObjectStore,
  PutOptions,
} from '../../src/storages/objects/object-store.js';

/** Never aborted. */
export const SIGNAL: AbortSignal = new AbortController().signal;

export function bodyOf(content: string | Buffer): ObjectBody {
  const bytes = Buffer.from(content);
  return {
    size: bytes.length,
    bytes: () => bytes,
    async *chunks() {
      for (let start = 0; start < bytes.length; start += 65_536) yield bytes.subarray(start, start + 65_536);
    },
  };
}

export function putOptions(changes: Partial<PutOptions> = {}): PutOptions {
  const headers = { contentType: 'text/css', cacheControl: 'max-age=60', metadata: {} };
  return { headers, signal: SIGNAL, ...changes };
}

export async function listAll(store: ObjectStore, prefix: string): Promise<readonly ListedObject[]> {
  const listed: ListedObject[] = [];
  for await (const page of store.list(prefix, SIGNAL)) listed.push(...page);
  return listed;
}

/** The message of what a call throws. */
export async function messageOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => new Error('It did not fail.'),
    (thrown: unknown) => thrown,
  );
  return `${(error as Error).name}: ${(error as Error).message}`;
}
