import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import type { Inventory, Storage, StoredFile } from '../storages/storage.js';
import { NO_SIGNAL } from './publishing.js';

/** The bytes, in UTF-8 where they are a text, by public path. */
export type Contents = Readonly<Record<string, string | Uint8Array>>;

/**
 * Checks that a storage holds exactly these files, by what it says of itself when it trusts earlier runs and when it asks
 * the destination.
 */
export async function expectFiles(storage: Storage, contents: Contents): Promise<void> {
  for (const refresh of [false, true]) {
    const inventory = await storage.inventory(NO_SIGNAL, { refresh });
    assert.deepEqual(
      pathsOf(inventory),
      Object.keys(contents).sort(),
      `The paths of the inventory${shown(refresh)}.`,
    );
    for (const [publicPath, content] of Object.entries(contents)) {
      await expectStored(inventory, publicPath, Buffer.from(content), refresh);
    }
  }
}

/** Checks that these texts are read, and that nothing is read where there is `undefined`. */
export async function expectTexts(
  storage: Storage,
  texts: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  for (const [publicPath, text] of Object.entries(texts)) {
    assert.equal(await storage.readText(publicPath), text, `The text read at '${publicPath}'.`);
  }
}

/** Every path of an inventory, in order. */
function pathsOf(inventory: Inventory): string[] {
  return Array.from(inventory.entries(), ([publicPath]) => publicPath).sort();
}

async function expectStored(
  inventory: Inventory,
  publicPath: string,
  bytes: Buffer,
  refresh: boolean,
): Promise<void> {
  const where = `'${publicPath}' in the inventory${shown(refresh)}`;
  const stored = inventory.get(publicPath);
  assert.ok(stored, `Nothing is told of ${where}.`);
  assert.deepEqual([stored.kind, stored.size], ['file', bytes.length], `Kind and size of ${where}.`);
  const proves = await proofOf(inventory, publicPath, stored);
  // Asked anew, a service may not know; the file is then sent again.
  assert.ok(proves?.(bytes) ?? refresh, `${where} is not proved to have the bytes that were published.`);
  const others = Buffer.from(bytes.length === 0 ? 'x' : bytes.map((byte) => byte ^ 1));
  assert.ok(!proves?.(others), `${where} is taken for a file of other bytes.`);
}

/** Tells whether a stored file is proved to have some bytes; `undefined` where there is nothing to prove it by. */
async function proofOf(
  { proof, hasBytes, digest }: Inventory,
  publicPath: string,
  stored: StoredFile,
): Promise<((bytes: Buffer) => boolean) | undefined> {
  if (proof.kind === 'stat') return (bytes) => hasBytes?.(publicPath, { bytes }) === true;
  const algorithm = stored.hashAlgorithm ?? proof.algorithm;
  const known = stored.hash ?? (await digest?.(publicPath, algorithm));
  return known === undefined ? undefined : (bytes) => known === hash(algorithm, bytes, 'hex');
}

function shown(refresh: boolean): string {
  return refresh ? ' that was taken refresh' : '';
}
