import { runAll } from '../../concurrency/run-all.js';
import { StaticFilesError } from '../../errors.js';
import { nameSourceErrors } from '../../model/body.js';
import { hasFingerprint, isManifest, type Output } from '../../model/output.js';
import type { RemoveOptions, WriteOptions, WriteRequest } from '../storage.js';
import { outgoingBody } from './body.js';
import { isInternal } from './contents.js';
import type { Head } from './head-object.js';
import type { HeaderRules } from './headers.js';
import type { KnownObject } from './index-file.js';
import { asSeen, unlessOvertaken } from './object-destination.js';
import type { Condition } from './object-store.js';
import type { Publishing } from './publisher.js';

/** How objects are uploaded. */
export interface Upload {
  readonly rules: HeaderRules;
  /** How many objects are uploaded at a time. */
  readonly limit: number;
}

/** How often a long run saves the index. If it is killed, the next run knows of all uploads before that. */
const SAVE_EVERY_MS = 30_000;

/** Uploads the files of a phase, and records each. */
export async function writeObjects(
  files: readonly WriteRequest[],
  publishing: Publishing,
  upload: Upload,
  { done, progress }: WriteOptions,
): Promise<void> {
  const { note, saveIndex, signal, destination, hold } = publishing;
  // The deletions are done: if this run dies now, nothing more will be deleted.
  if (hold.head.state === 'deleting') await hold.write({ state: 'held', going: null }, signal);
  if (forgetHeaders(files, publishing, upload.rules) && destination.indexed) await saveIndex();
  let count = 0;
  let bytes = 0;
  let savedAt = Date.now();
  await runAll(files, { limit: upload.limit, signal }, async (file) => {
    const { object, sent } = await send(file, publishing, upload.rules);
    note(file.publicPath, object);
    done({ publicPath: file.publicPath });
    count += 1;
    bytes += sent;
    progress?.(count, bytes);
    if (!destination.indexed || Date.now() - savedAt < SAVE_EVERY_MS) return;
    savedAt = Infinity; // until this is done
    await saveIndex();
    savedAt = Date.now();
  });
}

/**
 * Forgets the headers that are about to change. If the run dies, nobody knows which of them have changed, since on some
 * services new headers keep the version. So an index never has outdated headers.
 *
 * @returns whether there are any
 */
function forgetHeaders(
  files: readonly WriteRequest[],
  { objects, note }: Publishing,
  rules: HeaderRules,
): boolean {
  const changing = files.filter(({ publicPath, output }) => {
    const { headers } = objects.get(publicPath) ?? {};
    return headers !== undefined && headers !== rules.headersOf(output);
  });
  for (const { publicPath } of changing) {
    const { headers: _, ...known } = objects.get(publicPath)!;
    note(publicPath, known);
  }
  return changing.length > 0;
}

/**
 * Refuses the names of the head and the index, in any folder: they would make that folder another destination.
 *
 * @throws StaticFilesError `source`
 */
export function refuseInternalNames(files: readonly WriteRequest[]): void {
  const file = files.find(({ publicPath }) => isInternal(publicPath));
  if (file === undefined) return;
  const from = file.output.source?.sourcePath ?? file.output.logicalPath;
  throw new StaticFilesError(
    'source',
    `'${from}' would be published as '${file.publicPath}', a name that is reserved for the storage. Rename or ignore the file.`,
  );
}

/** An object that was written, and how many bytes that took. */
interface Sent {
  readonly object: KnownObject;
  readonly sent: number;
}

async function send(
  { output, publicPath, headersOnly }: WriteRequest,
  { destination, hold, objects, renews, signal }: Publishing,
  rules: HeaderRules,
): Promise<Sent> {
  const headers = rules.headersOf(output);
  const known = objects.get(publicPath);
  const key = destination.prefix + publicPath;
  const { store } = destination;
  // A manifest that arrives late could name files that are gone.
  if (isManifest(output)) await hold.prove(signal);
  const condition = hold.conditional ? conditionOf(output, known) : undefined;
  const options = { headers, signal, ...(condition && { condition }) };
  if (headersOnly && known && store.putHeaders && known.size <= (store.putsHeadersUpTo ?? Infinity)) {
    const { foreign: _, ...facts } = known;
    const done = await unlessOvertaken(destination, () => store.putHeaders!(key, options));
    if (done) return { object: { ...facts, version: done.version, headers }, sent: 0 };
  }
  const body = nameSourceErrors(output, () => outgoingBody(output));
  const renewing = { ...options, ...(renews && { renew: { unlike: known?.version } }) };
  const { version } = await unlessOvertaken(destination, () => store.put(key, body, renewing));
  return {
    object: {
      ...{ size: body.size, hash: body.digest, hashAlgorithm: 'sha384', version, headers },
      ...(!isManifest(output) && { unusedSince: 0 }),
    },
    sent: body.size,
  };
}

/**
 * A run that was frozen and given up must not bring old bytes back when it wakes up. A name that depends on the content
 * never has other bytes.
 */
function conditionOf(output: Output, known: KnownObject | undefined): Condition | undefined {
  if (!isManifest(output) && hasFingerprint(output)) return undefined;
  return known && known.version === undefined ? undefined : asSeen(known?.version);
}

/**
 * Removes objects, as many at once as the service allows. An object that somebody has replaced since the look is left
 * alone.
 */
export async function removeObjects(
  publicPaths: readonly string[],
  { destination, hold, objects, note, signal }: Publishing,
  limit: number,
  { done, going = [] }: RemoveOptions,
): Promise<void> {
  const { store, prefix } = destination;
  // If this run dies, the next one must know that more may be deleted.
  if (!isDeletingAll(hold.head, going)) await hold.write({ state: 'deleting', going, lost: null }, signal);
  const batches = batchesOf(publicPaths, store.removesAtOnce ?? 1);
  await runAll(batches, { limit, signal }, async (batch) => {
    await hold.prove(signal);
    const keys = batch.map((publicPath) => prefix + publicPath);
    const versions = batch.flatMap((publicPath) => {
      const version = objects.get(publicPath)?.version;
      return version === undefined ? [] : [[prefix + publicPath, version] as const];
    });
    const spared = await store.remove(keys, signal, hold.conditional ? new Map(versions) : undefined);
    for (const publicPath of batch) {
      note(publicPath, undefined);
      if (!spared?.includes(prefix + publicPath)) done({ publicPath });
    }
  });
}

function isDeletingAll({ state, going }: Head, ids: readonly string[]): boolean {
  return state === 'deleting' && ids.every((id) => going?.includes(id));
}

function batchesOf<T>(items: readonly T[], size: number): T[][] {
  const batches: T[][] = [];
  for (let at = 0; at < items.length; at += size) batches.push(items.slice(at, at + size));
  return batches;
}
