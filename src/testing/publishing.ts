import fs from 'node:fs';
import path from 'node:path';
import { readStamp } from '../files/stamp.js';
import type { Body, FileBody, Output, RewrittenBody } from '../model/output.js';
import type { Insertion } from '../model/splice.js';
import type { Storage, WriteRequest, Written } from '../storages/storage.js';

/** What one run does. */
export interface Publication {
  /** Outputs that are written together, one phase after the other. */
  readonly phases: readonly (readonly Output[])[];
  readonly removed?: readonly string[];
  readonly headersOnly?: boolean;
  readonly signal?: AbortSignal;
}

/** Never aborted. */
export const NO_SIGNAL: AbortSignal = new AbortController().signal;

/** Does what a run does with a storage, call by call, and gives what the storage said was done. */
export async function publish(storage: Storage, publication: Publication): Promise<readonly Written[]> {
  const { signal = NO_SIGNAL } = publication;
  const lock = await storage.lock?.(signal);
  try {
    await storage.inventory(signal);
    return await writeAll(storage, publication);
  } finally {
    await lock?.release();
  }
}

/** The calls of a run after the inventory. */
export async function writeAll(storage: Storage, publication: Publication): Promise<readonly Written[]> {
  const { phases, removed = [], headersOnly = false, signal = NO_SIGNAL } = publication;
  const written: Written[] = [];
  const options = { done: (each: Written) => written.push(each), signal };
  for (const outputs of phases) await storage.write(requestsOf(outputs, headersOnly), options);
  await storage.remove(removed, options);
  const changed = [...phases.flat().map(({ publicPath }) => publicPath), ...removed];
  await storage.commit?.({
    changed: changed.map((publicPath) => ({ publicPath, immutable: false })),
    signal,
  });
  return written;
}

/** Publishes outputs in one phase. */
export function publishAll(storage: Storage, outputs: readonly Output[]): Promise<readonly Written[]> {
  return publish(storage, { phases: [outputs] });
}

/** What a storage is asked to write of outputs. */
export function requestsOf(outputs: readonly Output[], headersOnly = false): readonly WriteRequest[] {
  return outputs.map((output) => ({
    publicPath: output.publicPath,
    body: output.body,
    link: false,
    output,
    ...(headersOnly && { headersOnly }),
  }));
}

/** An output of the same name as its source. */
export function output(publicPath: string, body: Body): Output {
  return { logicalPath: publicPath, publicPath, body };
}

/** An output whose bytes are in memory, in UTF-8. */
export function textOutput(publicPath: string, text: string): Output {
  return output(publicPath, { bytes: Buffer.from(text) });
}

/** Writes a source file, and gives a body that is published only as long as the file stays so. */
export function fileBody(folder: string, name: string, content: string | Uint8Array): FileBody {
  const file = writeSource(folder, name, content);
  return { file, stamp: readStamp(file) };
}

/** Writes a source file, and gives a body of it with texts inserted. */
export function rewrittenBody(
  folder: string,
  name: string,
  content: string | Uint8Array,
  insertions: readonly Insertion[],
): RewrittenBody {
  const file = writeSource(folder, name, content);
  return { rewritten: file, stamp: readStamp(file), insertions };
}

function writeSource(folder: string, name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, content);
  return file;
}
