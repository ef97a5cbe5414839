import { hash } from 'node:crypto';
import { StaticFilesError } from '../../src/errors.js';
import { readBody } from '../../src/model/body.js';
import { decodesTo } from '../../src/model/decode.js';
import type { Storage } from '../../src/storages/storage.js';

interface Entry {
  readonly bytes: Uint8Array;
  readonly encoding: string | undefined;
}

/** The files of a destination, and how many runs have written there. */
interface Destination {
  readonly files: Map<string, Entry>;
  runs: number;
}

/** Opens storages that keep files and one header in memory, and refuse the later one of two runs at once. */
export function memoryStorages(): (destination: string) => Storage {
  const destinations = new Map<string, Destination>();
  return (name) => {
    if (!destinations.has(name)) destinations.set(name, { files: new Map(), runs: 0 });
    return memoryStorage(destinations.get(name)!);
  };
}

function memoryStorage(destination: Destination): Storage {
  const { files } = destination;
  let seen = 0;
  const begin = (signal: AbortSignal) => {
    signal.throwIfAborted();
    if (destination.runs !== seen) throw new StaticFilesError('overtaken', 'Another run was first.');
  };
  return {
    name: 'memory',
    inventory: async (signal) => {
      signal.throwIfAborted();
      seen = destination.runs;
      return inventoryOf(new Map(files));
    },
    async write(requests, { done, signal }) {
      for (const { publicPath, body, output, headersOnly } of requests) {
        begin(signal);
        const bytes = headersOnly ? files.get(publicPath)!.bytes : readBody(body);
        signal.throwIfAborted();
        files.set(publicPath, { bytes, encoding: output.contentEncoding });
        done({ publicPath });
        await undefined;
      }
    },
    async remove(paths, { done, signal }) {
      begin(signal);
      for (const publicPath of paths) if (files.delete(publicPath)) done({ publicPath });
    },
    readText: async (publicPath) => {
      const entry = files.get(publicPath);
      return entry && Buffer.from(entry.bytes).toString();
    },
    commit: async () => {
      destination.runs += 1;
      seen = destination.runs;
    },
  };
}

function inventoryOf(files: ReadonlyMap<string, Entry>): Awaited<ReturnType<Storage['inventory']>> {
  const stored = new Map(
    Array.from(files, ([publicPath, { bytes }]) => [
      publicPath,
      { kind: 'file', size: bytes.length, hash: hash('sha384', bytes, 'hex') } as const,
    ]),
  );
  return {
    proof: { kind: 'hash', algorithm: 'sha384' },
    get: (publicPath) => stored.get(publicPath),
    entries: () => stored,
    decodesTo: async (publicPath, encoding, content) =>
      decodesTo([files.get(publicPath)!.bytes], encoding, content),
    hasHeaders: ({ publicPath, contentEncoding }) => files.get(publicPath)?.encoding === contentEncoding,
  };
}
