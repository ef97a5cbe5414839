import { createHash } from 'node:crypto';
import { HEAD_NAME, INDEX_NAME } from '../../../../src/storages/destination.js';
import { parseHead } from '../../../../src/storages/objects/head-object.js';
import { parseIndex } from '../../../../src/storages/objects/index-file.js';
import type { MemoryStore } from '../../../support/memory-store.js';

/** Returns what is wrong at a destination: files of manifests that are missing, and false entries of a trusted index. */
export function wrongAt({ objects }: MemoryStore): readonly string[] {
  const wrong: string[] = [];
  for (const [key, { text }] of objects) {
    if (!/(?:^|\/)staticfiles\.json$/.test(key)) continue;
    const { paths } = JSON.parse(text) as { paths: Record<string, string> };
    for (const path of Object.values(paths)) if (!objects.has(path)) wrong.push(`${key} names '${path}'`);
  }
  return [...wrong, ...falseClaims(objects)];
}

function falseClaims(objects: MemoryStore['objects']): readonly string[] {
  const head = objects.get(HEAD_NAME);
  const found = objects.get(INDEX_NAME);
  if (head === undefined || found === undefined) return [];
  const { state, index, lost } = parseHead(Buffer.from(head.text));
  if (state !== 'free' || lost !== null || index !== found.version) return [];
  const claimed = parseIndex(Buffer.from(found.text))!.objects;
  return Array.from(claimed).flatMap(([path, { hash, hashAlgorithm = 'sha384' }]) => {
    const text = objects.get(path)?.text;
    const is = text !== undefined && createHash(hashAlgorithm).update(text).digest('hex') === hash;
    return is ? [] : [`the index claims '${path}'`];
  });
}
