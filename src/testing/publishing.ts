import fs from 'node:fs';
import path from 'node:path';
import { readStamp } from '../files/stamp.js';
import type { Body, FileBody, Output, RewrittenBody } from '../model/output.js';
import type { Insertion } from '../model/splice.js';
import type { Storage, WriteRequest, Written } from '../storages/storage.js';

/** The changes of one run. */
export interface Publication {
  /** Outputs that are written together, one phase after the other. */
  readonly phases: readonly (readonly Output[])[];
  readonly removed?: readonly string[];
  readonly headersOnly?: boolean;
  readonly signal?: AbortSignal;
}

/** A signal that is never aborted. */
export const NO_SIGNAL: AbortSignal = new AbortController().signal;

/** Makes the calls of a run, and returns the files that the storage reported as done. */
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

/** Makes the calls of a run that come after the inventory. */
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

/** Returns the requests to write some outputs. */
export function requestsOf(outputs: readonly Output[], headersOnly = false): readonly WriteRequest[] {
  return outputs.map((output) => ({
    publicPath: output.publicPath,
    body: output.body,
    link: false,
    output,
    ...(headersOnly && { headersOnly }),
  }));
}

/** Returns an output with the same public and logical path. */
export function output(publicPath: string, body: Body): Output {
  return { logicalPath: publicPath, publicPath, body };
}

/** Returns an output whose bytes are in memory, in UTF-8. */
export function textOutput(publicPath: string, text: string): Output {
  return output(publicPath, { kind: 'bytes', bytes: Buffer.from(text) });
}

/** Writes a source file and returns its body, which is valid while the file does not change. */
export function fileBody(folder: string, name: string, content: string | Uint8Array): FileBody {
  const file = writeSource(folder, name, content);
  return { kind: 'file', file, stamp: readStamp(file) };
}

/** Writes a source file and returns its body with texts inserted. */
export function rewrittenBody(
  folder: string,
  name: string,
  content: string | Uint8Array,
  insertions: readonly Insertion[],
): RewrittenBody {
  const file = writeSource(folder, name, content);
  return { kind: 'rewritten', rewritten: file, stamp: readStamp(file), insertions };
}

function writeSource(folder: string, name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, content);
  return file;
}
