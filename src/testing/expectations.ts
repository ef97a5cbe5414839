import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import type { Inventory, Storage, StoredFile } from '../storages/storage.js';
import { NO_SIGNAL } from './publishing.js';

/** The contents of files by public path. Texts are in UTF-8. */
export type Contents = Readonly<Record<string, string | Uint8Array>>;

/**
 * Checks that a storage has exactly these files: once with the inventory that trusts earlier runs, once with a refreshed
 * one.
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

/** Checks the texts that a storage reads. `undefined` stands for a missing file. */
export async function expectTexts(
  storage: Storage,
  texts: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  for (const [publicPath, text] of Object.entries(texts)) {
    assert.equal(await storage.readText(publicPath), text, `The text read at '${publicPath}'.`);
  }
}

/** Returns every path of an inventory, sorted. */
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
  assert.ok(stored, `${where} is missing.`);
  assert.deepEqual([stored.kind, stored.size], ['file', bytes.length], `Kind and size of ${where}.`);
  const proves = await proofOf(inventory, publicPath, stored);
  // A listing of the service may have no proof. The file is then sent again.
  assert.ok(proves?.(bytes) ?? refresh, `${where} is not proved to have the published bytes.`);
  const others = Buffer.from(bytes.length === 0 ? 'x' : bytes.map((byte) => byte ^ 1));
  assert.ok(!proves?.(others), `${where} is proved to have bytes that it does not have.`);
}

/** Returns a function that says whether a file is proved to have some bytes, or `undefined` if there is no proof. */
async function proofOf(
  { proof, hasBytes, digest }: Inventory,
  publicPath: string,
  stored: StoredFile,
): Promise<((bytes: Buffer) => boolean) | undefined> {
  if (proof.kind === 'stat') return (bytes) => hasBytes?.(publicPath, { kind: 'bytes', bytes }) === true;
  const algorithm = stored.hashAlgorithm ?? proof.algorithm;
  const known = stored.hash ?? (await digest?.(publicPath, algorithm));
  return known === undefined ? undefined : (bytes) => known === hash(algorithm, bytes, 'hex');
}

function shown(refresh: boolean): string {
  return refresh ? ' with refresh' : '';
}
