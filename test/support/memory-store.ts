import { createHash } from 'node:crypto';
import {
  type Condition,
  ConditionFailed,
  type ObjectHeaders,
  type ObjectStore,
  type PutOptions,
} from '../../src/storages/objects/object-store.js';

interface MemoryObject {
  /** A character a byte. */
  readonly text: string;
  readonly version: string;
  readonly headers: ObjectHeaders;
}

/** A service that keeps objects in a map, and notes what it is asked: `put app.css`. */
export interface MemoryStore extends ObjectStore {
  readonly objects: Map<string, MemoryObject>;
  readonly calls: string[];
  /** The texts of all objects but head and index. */
  texts(): Record<string, string>;
}

/** How a service behaves. */
export interface MemoryBehaviour {
  /** Whether an object has another version after each write, as on GCS and Azure, or only for other bytes, as on S3. */
  readonly version?: 'write' | 'bytes';
  /** `false`: it takes conditions, and does not keep to them. */
  readonly keepsConditions?: boolean;
}

export function memoryStore(
  changes: Partial<ObjectStore> = {},
  { version: versions = 'write', keepsConditions = true }: MemoryBehaviour = {},
): MemoryStore {
  const objects = new Map<string, MemoryObject>();
  const calls: string[] = [];
  let writes = 0;
  const check = (key: string, condition: Condition | undefined) => {
    const version = objects.get(key)?.version;
    const wanted = condition && ('absent' in condition ? undefined : condition.version);
    if (keepsConditions && condition && version !== wanted)
      throw new ConditionFailed(`'${key}' has the version ${version}.`);
  };
  const set = (key: string, text: string, headers: ObjectHeaders, renew?: PutOptions['renew']) => {
    const usual = md5Of(text);
    const ofBytes = renew && (renew.unlike ?? usual) === usual ? `${usual}-1` : usual;
    const version = versions === 'write' ? `v${++writes}` : ofBytes;
    objects.set(key, { text, version, headers });
    return { version };
  };
  const store: ObjectStore = {
    name: 'memory',
    displayUrl: 'memory://bucket',
    async *list(prefix) {
      calls.push(`list ${prefix}`);
      const found = [...objects].filter(([key]) => key.startsWith(prefix));
      yield found.map(([key, { text, version }]) => ({
        ...{ key, version, size: text.length },
        md5: md5Of(text),
      }));
    },
    async read(key) {
      calls.push(`read ${key}`);
      const object = objects.get(key);
      return object && { bytes: Buffer.from(object.text, 'latin1'), version: object.version };
    },
    async put(key, body, { headers, condition, renew }) {
      calls.push(`put ${key}`);
      check(key, condition);
      return set(key, Buffer.from(body.bytes()).toString('latin1'), headers, renew);
    },
    async putHeaders(key, { headers, condition }) {
      calls.push(`headers ${key}`);
      check(key, condition);
      return set(key, objects.get(key)!.text, headers);
    },
    async remove(keys, _, given) {
      calls.push(`remove ${keys.join(' ')}`);
      const isOther = (key: string) =>
        keepsConditions &&
        given?.has(key) &&
        objects.has(key) &&
        objects.get(key)!.version !== given.get(key);
      const spared = keys.filter(isOther);
      for (const key of keys) if (!spared.includes(key)) objects.delete(key);
      return spared;
    },
    ...changes,
  };
  const texts = () =>
    Object.fromEntries(
      Array.from(objects, ([key, { text }]) => [key, text]).filter(
        ([key]) => !/\.staticfiles-(?:index|head)\.json$/.test(key!),
      ),
    );
  return { ...store, objects, calls, texts };
}

function md5Of(text: string): string {
  return createHash('md5').update(text, 'latin1').digest('hex');
}
