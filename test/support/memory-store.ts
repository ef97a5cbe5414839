import { createHash } from 'node:crypto';
import {
  type Condition,
  ConditionFailed,
  type ObjectHeaders,
  type ObjectStore,
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
  /** The texts of all objects but the index. */
  texts(): Record<string, string>;
}

export function memoryStore(changes: Partial<ObjectStore> = {}): MemoryStore {
  const objects = new Map<string, MemoryObject>();
  const calls: string[] = [];
  let writes = 0;
  const check = (key: string, condition: Condition | undefined) => {
    const version = objects.get(key)?.version;
    const wanted = condition && ('absent' in condition ? undefined : condition.version);
    if (condition && version !== wanted) throw new ConditionFailed(`'${key}' has the version ${version}.`);
  };
  const set = (key: string, text: string, headers: ObjectHeaders) => {
    const version = `v${++writes}`;
    objects.set(key, { text, version, headers });
    return { version };
  };
  const store: ObjectStore = {
    name: 'memory',
    place: 'memory://bucket',
    async *list(prefix) {
      calls.push(`list ${prefix}`);
      const found = [...objects].filter(([key]) => key.startsWith(prefix));
      yield found.map(([key, { text, version }]) => ({
        ...{ key, version, size: text.length },
        md5: createHash('md5').update(text, 'latin1').digest('hex'),
      }));
    },
    async read(key) {
      calls.push(`read ${key}`);
      const object = objects.get(key);
      return object && { bytes: Buffer.from(object.text, 'latin1'), version: object.version };
    },
    async put(key, body, { headers, condition }) {
      calls.push(`put ${key}`);
      check(key, condition);
      return set(key, Buffer.from(body.bytes()).toString('latin1'), headers);
    },
    async putHeaders(key, { headers, condition }) {
      calls.push(`headers ${key}`);
      check(key, condition);
      return set(key, objects.get(key)!.text, headers);
    },
    async remove(keys) {
      calls.push(`remove ${keys.join(' ')}`);
      for (const key of keys) objects.delete(key);
    },
    ...changes,
  };
  const texts = () =>
    Object.fromEntries(
      Array.from(objects, ([key, { text }]) => [key, text]).filter(([key]) => !key!.endsWith('-index.json')),
    );
  return { ...store, objects, calls, texts };
}
