import { runAll } from '../../concurrency/run-all.js';
import { startTimeSlice } from '../../concurrency/time-slice.js';
import { StaticFilesError } from '../../errors.js';
import { readBody } from '../../model/body.js';
import { contentInfo, type HashedOutput, hashOutputs } from '../../model/content.js';
import { ENCODINGS, type Encoding, isHuge } from '../../model/encode.js';
import { loadMediaTypes } from '../../model/media-type.js';
import type { ContentInfo, Output } from '../../model/output.js';
import type { ProcessorContext } from '../processor.js';
import { type CachedVariant, type CompressionCache, openCache } from './cache.js';
import { candidatesOf, isNameable } from './candidates.js';
import type { CompressOptions } from './options.js';

/** A variant that is larger than this part of its original is not worth another file. */
const MAX_RATIO = 0.95;

/** Contents compressed at a time: libuv has as many threads by default (UV_THREADPOOL_SIZE). */
const LIMIT = 4;

/** A content to compress with one encoding, and the outputs with that content. */
interface Job {
  readonly encoding: Encoding;
  readonly content: ContentInfo;
  readonly outputs: Output[];
}

/** Adds the compressed variants of the outputs. */
export async function compressAll(
  given: readonly Output[],
  { encodings, originals }: Required<CompressOptions>,
  context: ProcessorContext,
): Promise<readonly Output[]> {
  const { signal } = context;
  const outputs = await hashOutputs(given, signal);
  const candidates = candidatesOf(outputs, originals, await loadMediaTypes());
  const { cache, variants } = sessionOf(context);
  const taken = new Set(outputs.map(({ publicPath }) => publicPath));
  const changed = candidates.filter((output) => !variants.has(output));
  for (const output of changed) variants.set(output, []);
  const jobs = jobsOf(
    changed,
    encodings.map((name) => ENCODINGS[name]),
    taken,
  );
  const add = ({ encoding, outputs }: Job, compressed: CachedVariant) => {
    for (const output of outputs) variants.get(output)!.push(...variantOf(output, encoding, compressed));
  };
  const left = await withoutProven(jobs, cache, add, signal);
  let done = jobs.length - left.length;
  const handle = async (job: Job) => {
    add(job, await compressContent(job, cache));
    context.progress(++done, jobs.length);
  };
  const [huge, usual] = [
    left.filter(({ content }) => isHuge(content.size)),
    left.filter(({ content }) => !isHuge(content.size)),
  ];
  try {
    await runAll(usual, { limit: LIMIT, signal }, handle);
    await runAll(huge, { limit: 1, signal }, handle);
  } finally {
    cache.flush(); // Also if the run is interrupted, so that the next one continues from here.
  }
  if (jobs.length > 0 || context.session === undefined) cache.save();
  const made = candidates.flatMap((output) => variants.get(output)!);
  // A file in the sources with a variant's name replaces the variant that an earlier run of the session made.
  const added = made.filter(({ publicPath }) => !taken.has(publicPath));
  return [...outputs, ...added.sort((a, b) => (a.publicPath < b.publicPath ? -1 : 1))];
}

/** What the runs of a session share. */
interface CompressSession {
  /** The context of the current run. */
  context: ProcessorContext;
  readonly cache: CompressionCache;
  /** The variants of each output. An unchanged output is the same object in the next run. */
  readonly variants: WeakMap<Output, Output[]>;
}

function sessionOf(context: ProcessorContext): CompressSession {
  const { session = {} } = context;
  session.compressed ??= newSession(context);
  return Object.assign(session.compressed as CompressSession, { context });
}

function newSession(context: ProcessorContext): CompressSession {
  const { cacheDir, destination } = context;
  const latest = { context };
  const cache = openCache({ cacheDir, destination, warn: (warning) => latest.context.warn(warning) });
  return Object.assign(latest, { cache, variants: new WeakMap() });
}

/** Returns one job for each content and encoding. Leaves out variants whose name a file in the sources has. */
function jobsOf(
  candidates: readonly HashedOutput[],
  encodings: readonly Encoding[],
  taken: ReadonlySet<string>,
): readonly Job[] {
  const jobs = new Map<string, Job>();
  for (const output of candidates) {
    for (const encoding of encodings) {
      const publicPath = output.publicPath + encoding.extension;
      if (taken.has(publicPath) || !isNameable(publicPath)) continue;
      const { content } = output;
      const key = `${content.integrity} ${encoding.extension}`;
      const job = jobs.get(key);
      if (job === undefined) jobs.set(key, { encoding, content, outputs: [output] });
      else job.outputs.push(output);
    }
  }
  return [...jobs.values()];
}

/**
 * Takes all results that need no look at their bytes from the cache, and returns the other jobs. A promise for each of
 * tens of thousands would take longer than the rest.
 */
async function withoutProven(
  jobs: readonly Job[],
  cache: CompressionCache,
  add: (job: Job, compressed: CachedVariant) => void,
  signal: AbortSignal,
): Promise<readonly Job[]> {
  const slice = startTimeSlice(signal);
  const left: Job[] = [];
  for (const job of jobs) {
    if (slice.isOver()) await slice.yield();
    const proven = cache.findProven(job.content, job.encoding);
    if (proven === undefined) left.push(job);
    else add(job, proven);
  }
  return left;
}

/** Returns the compressed content from the cache, or compresses it. */
async function compressContent(
  { encoding, content, outputs }: Job,
  cache: CompressionCache,
): Promise<CachedVariant> {
  const cached = await cache.find(content, encoding);
  if (cached !== undefined) return cached;
  const bytes = await encoding.compress(readBody(outputs[0]!.body));
  return cache.add(content, encoding, bytes.length <= content.size * MAX_RATIO ? bytes : undefined);
}

function variantOf(output: Output, encoding: Encoding, { content, read }: CachedVariant): readonly Output[] {
  if (content === undefined) return [];
  const { logicalPath, publicPath, source, immutable } = output;
  const variant: Output = {
    logicalPath,
    publicPath: publicPath + encoding.extension,
    variantOf: publicPath,
    body: {
      kind: 'bytes',
      get bytes() {
        return read() ?? compressedAgain(output, encoding, content);
      },
    },
    content,
    ...(source && { source }),
    ...(immutable && { immutable }),
  };
  return [variant];
}

/** Returns the bytes of a variant that is no longer in the cache: another run may prune it at any time. */
function compressedAgain(output: Output, encoding: Encoding, content: ContentInfo): Buffer {
  const bytes = encoding.compressNow(readBody(output.body));
  if (contentInfo(bytes, 'md5').integrity === content.integrity) return bytes;
  throw new StaticFilesError(
    'source',
    `The variant of '${output.publicPath}' is no longer in the cache, and compressing it again gave other bytes. Run again.`,
  );
}
