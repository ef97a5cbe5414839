import { runAll } from '../../concurrency/run-all.js';
import { StaticFilesError } from '../../errors.js';
import { nameSourceErrors } from '../../model/body.js';
import { isImmutable, isManifest, type Output } from '../../model/output.js';
import type { RemoveOptions, WriteOptions, WriteRequest } from '../storage.js';
import { outgoingBody } from './body.js';
import { isInternal } from './contents.js';
import type { Head } from './head-object.js';
import type { HeaderRules } from './headers.js';
import type { KnownObject } from './index-file.js';
import type { Condition } from './object-store.js';
import { asSeen, unlessOvertaken } from './place.js';
import type { Publishing } from './publisher.js';

/** How objects are sent. */
export interface Sending {
  readonly rules: HeaderRules;
  /** How many objects are sent at a time. */
  readonly limit: number;
}

/** So much of what a long run has sent is not known to the next one if it is killed. */
const SAVE_EVERY_MS = 30_000;

/** Sends the files of a phase, and notes each. */
export async function writeObjects(
  files: readonly WriteRequest[],
  publishing: Publishing,
  sending: Sending,
  { done, progress }: WriteOptions,
): Promise<void> {
  const { note, saveIndex, signal, place, hold } = publishing;
  // What was deleted is gone: whoever finds this run dead need not fear for more.
  if (hold.head.state === 'deleting') await hold.write({ state: 'held', going: null }, signal);
  if (forgetHeaders(files, publishing, sending.rules) && place.indexed) await saveIndex();
  let count = 0;
  let bytes = 0;
  let savedAt = Date.now();
  await runAll(files, { limit: sending.limit, signal }, async (file) => {
    const { object, sent } = await send(file, publishing, sending.rules);
    note(file.publicPath, object);
    done({ publicPath: file.publicPath });
    count += 1;
    bytes += sent;
    progress?.(count, bytes);
    if (!place.indexed || Date.now() - savedAt < SAVE_EVERY_MS) return;
    savedAt = Infinity; // until this is done
    await saveIndex();
    savedAt = Date.now();
  });
}

/**
 * Forgets the headers that are about to be changed: if the run dies, nobody knows which of them have been, since other
 * headers make no other version everywhere. So no index ever tells the headers of an object that has got others.
 *
 * @returns whether there are such
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
 * Refuses names that the storage needs for itself, in any folder: there they would make it somebody else's place.
 *
 * @throws StaticFilesError `source`
 */
export function refuseInternalNames(files: readonly WriteRequest[]): void {
  const file = files.find(({ publicPath }) => isInternal(publicPath));
  if (file === undefined) return;
  const from = file.output.source?.sourcePath ?? file.output.logicalPath;
  throw new StaticFilesError(
    'source',
    `'${from}' would be published as '${file.publicPath}', a name that the storage needs for itself. Rename or ignore the file.`,
  );
}

/** What is known of an object that was written, and how many bytes that took. */
interface Sent {
  readonly object: KnownObject;
  readonly sent: number;
}

async function send(
  { output, publicPath, headersOnly }: WriteRequest,
  { place, hold, objects, renews, signal }: Publishing,
  rules: HeaderRules,
): Promise<Sent> {
  const headers = rules.headersOf(output);
  const known = objects.get(publicPath);
  const key = place.prefix + publicPath;
  const { store } = place;
  // A manifest that comes late makes live what may be gone.
  if (isManifest(output)) await hold.prove(signal);
  const condition = hold.conditional ? conditionOf(output, known) : undefined;
  const options = { headers, signal, ...(condition && { condition }) };
  if (headersOnly && known && store.putHeaders && known.size <= (store.putsHeadersUpTo ?? Infinity)) {
    const { foreign: _, ...facts } = known;
    const done = await unlessOvertaken(place, () => store.putHeaders!(key, options));
    if (done) return { object: { ...facts, version: done.version, headers }, sent: 0 };
  }
  const body = nameSourceErrors(output, () => outgoingBody(output));
  const renewing = { ...options, ...(renews && { renew: { unlike: known?.version } }) };
  const { version } = await unlessOvertaken(place, () => store.put(key, body, renewing));
  return {
    object: {
      ...{ size: body.size, hash: body.digest, hashAlgorithm: 'sha384', version, headers },
      ...(!isManifest(output) && { leftSince: 0 }),
    },
    sent: body.size,
  };
}

/**
 * A run that was frozen and given up must not bring old bytes back when it wakes up. Under a name that tells its content
 * there are never others.
 */
function conditionOf(output: Output, known: KnownObject | undefined): Condition | undefined {
  if (!isManifest(output) && isImmutable(output)) return undefined;
  return known && known.version === undefined ? undefined : asSeen(known?.version);
}

/**
 * Removes objects, as many at once as the service takes. One that is not the one that was seen is left alone: somebody has
 * sent it since.
 */
export async function removeObjects(
  publicPaths: readonly string[],
  { place, hold, objects, note, signal }: Publishing,
  limit: number,
  { done, going = [] }: RemoveOptions,
): Promise<void> {
  const { store, prefix } = place;
  // Whoever finds this run dead must know that more may go.
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
