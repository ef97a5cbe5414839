import { runAll } from '../../concurrency/run-all.js';
import { StaticFilesError } from '../../errors.js';
import { readBody } from '../../model/body.js';
import { contentInfo, type HashedOutput, hashOutputs } from '../../model/content.js';
import { ENCODINGS, type Encoding, isHuge } from '../../model/encode.js';
import { loadMediaTypes } from '../../model/media-type.js';
import type { ContentInfo, Output } from '../../model/output.js';
import type { Processor, ProcessorContext } from '../processor.js';
import { type CachedVariant, type CompressionCache, openCache } from './cache.js';
import { candidatesOf, isNameable } from './candidates.js';
import { type CompressOptions, compressRules } from './options.js';

export type { CompressOptions } from './options.js';

/** A variant of more than this part of its original is not worth a file and a decision by the server. */
const WORTH = 0.95;

/** Contents compressed at a time: libuv has as many threads by default (UV_THREADPOOL_SIZE). */
const LIMIT = 4;

/**
 * Adds compressed variants of what gains by it: `app.css.gz`, `app.css.br`.
 *
 * @throws StaticFilesError `settings` for options that make no sense
 * @example
 * const processor = compress({ encodings: ['gzip', 'br'] });
 */
export function compress(options: CompressOptions = {}): Processor {
  const rules = compressRules(options);
  return { name: 'compress', process: (outputs, context) => compressAll(outputs, rules, context) };
}

/** A content that is to be compressed in one way, and the outputs that have it. */
interface Job {
  readonly encoding: Encoding;
  readonly content: ContentInfo;
  readonly outputs: Output[];
}

async function compressAll(
  given: readonly Output[],
  { encodings, originals }: Required<CompressOptions>,
  context: ProcessorContext,
): Promise<readonly Output[]> {
  const { signal } = context;
  const outputs = await hashOutputs(given, signal);
  const candidates = candidatesOf(outputs, originals, await loadMediaTypes());
  const { cache, variants } = keptIn(context);
  const taken = new Set(outputs.map(({ publicPath }) => publicPath));
  const fresh = candidates.filter((output) => !variants.has(output));
  for (const output of fresh) variants.set(output, []);
  const jobs = jobsOf(
    fresh,
    encodings.map((name) => ENCODINGS[name]),
    taken,
  );
  let done = 0;
  const handle = async (job: Job) => {
    const kept = await compressed(job, cache);
    for (const output of job.outputs) variants.get(output)!.push(...variantOf(output, job.encoding, kept));
    context.progress(++done, jobs.length);
  };
  const [huge, usual] = [
    jobs.filter(({ content }) => isHuge(content.size)),
    jobs.filter(({ content }) => !isHuge(content.size)),
  ];
  try {
    await runAll(usual, { limit: LIMIT, signal }, handle);
    await runAll(huge, { limit: 1, signal }, handle);
  } finally {
    cache.flush(); // also when the run is interrupted: the next one goes on from there
  }
  if (jobs.length > 0 || context.session === undefined) cache.save();
  const made = candidates.flatMap((output) => variants.get(output)!);
  const wanted = made.filter(({ publicPath }) => !taken.has(publicPath));
  return [...outputs, ...wanted.sort((a, b) => (a.publicPath < b.publicPath ? -1 : 1))];
}

/** What is kept from run to run where runs follow one another: the variants of each output that has not changed. */
interface Kept {
  /** Of the run that goes on. */
  context: ProcessorContext;
  readonly cache: CompressionCache;
  readonly variants: WeakMap<Output, Output[]>;
}

function keptIn(context: ProcessorContext): Kept {
  const { session = {} } = context;
  session.compressed ??= newKept(context);
  return Object.assign(session.compressed as Kept, { context });
}

function newKept(context: ProcessorContext): Kept {
  const { cacheDir, destination } = context;
  const latest = { context };
  const cache = openCache({ cacheDir, destination, warn: (warning) => latest.context.warn(warning) });
  return Object.assign(latest, { cache, variants: new WeakMap() });
}

/** Equal contents are one job. A file of the sources that has a variant's name already is left in its place. */
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

async function compressed(
  { encoding, content, outputs }: Job,
  cache: CompressionCache,
): Promise<CachedVariant> {
  const kept = await cache.find(content, encoding);
  if (kept !== undefined) return kept;
  const bytes = await encoding.compress(readBody(outputs[0]!.body));
  return cache.add(content, encoding, bytes.length <= content.size * WORTH ? bytes : undefined);
}

function variantOf(output: Output, encoding: Encoding, { content, read }: CachedVariant): readonly Output[] {
  if (content === undefined) return [];
  const { logicalPath, publicPath, source } = output;
  const variant: Output = {
    logicalPath,
    publicPath: publicPath + encoding.extension,
    variantOf: publicPath,
    body: {
      get bytes() {
        return read() ?? compressedAgain(output, encoding, content);
      },
    },
    content,
    ...(source && { source }),
  };
  return [variant];
}

/** The bytes of a variant that is no longer in the cache, which another run may prune at any time. */
function compressedAgain(output: Output, encoding: Encoding, content: ContentInfo): Buffer {
  const bytes = encoding.compressNow(readBody(output.body));
  if (contentInfo(bytes, 'md5').integrity === content.integrity) return bytes;
  throw new StaticFilesError(
    'source',
    `The compressed form of '${output.publicPath}' is no longer in the cache, and compressing again gives other bytes. Run again.`,
  );
}
