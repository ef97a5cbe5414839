import type { PublishRecord } from '../cache/record.js';
import { isSettled } from '../files/stamp.js';
import { defineTable, type Table, text } from '../files/table.js';
import { bodyPieces, inItsState, nameSourceErrors, nameSourceErrorsOf, readBody } from '../model/body.js';
import { contentOf } from '../model/content.js';
import { type CodingName, codingOfVariant, withoutCoding } from '../model/content-encoding.js';
import { decodesTo } from '../model/decode.js';
import type { Output } from '../model/output.js';
import type { Run } from './run.js';

/** What is noted of the check. */
export type SourceVariantsOptions = Pick<Run, 'record' | 'startedAt' | 'warnings' | 'signal'>;

export interface CheckedOutputs {
  readonly outputs: readonly Output[];
  /** The public paths of the variants that came with the sources, and belong to the file beside them. */
  readonly variants: ReadonlySet<string>;
}

/**
 * Checks the compressed variants that came with the sources, such as a bundler's `app.js.gz`, against the file beside
 * them. One that does not decode to it is replaced by a new one, with a warning: a server would send it for that file.
 *
 * @throws StaticFilesError `source` where one of them cannot be read
 */
export async function checkSourceVariants(
  outputs: readonly Output[],
  options: SourceVariantsOptions,
): Promise<CheckedOutputs> {
  const pairs = pairsOf(outputs);
  if (pairs.length === 0) return { outputs, variants: new Set() };
  const known = PROOFS.open(options.record.recall(MEMORY));
  const proofs = new Map<string, string>();
  const variants = new Set<string>();
  const checked = new Map<Output, Output | undefined>();
  for (const pair of pairs.map(inTheirState)) {
    options.signal.throwIfAborted();
    const { publicPath } = pair.variant;
    const proof = proofOf(pair, options.startedAt);
    const isProved = proof !== undefined && known.get(publicPath) === proof;
    const belongs = isProved || (await decodesToFile(pair));
    const variant = belongs ? pair.variant : await replacement(pair, options);
    if (belongs && proof !== undefined) proofs.set(publicPath, proof);
    if (variant) variants.add(publicPath);
    checked.set(pair.given.file, pair.file).set(pair.given.variant, variant);
  }
  remember(proofs, known, options.record);
  const all = outputs.map((output) => (checked.has(output) ? checked.get(output) : output));
  return { outputs: all.filter((output) => output !== undefined), variants };
}

/** A file, and what a server takes for a variant of it, by its name. */
interface Pair {
  readonly encoding: CodingName;
  readonly file: Output;
  readonly variant: Output;
}

function pairsOf(outputs: readonly Output[]): readonly Pair[] {
  const named = outputs.filter(
    ({ publicPath, variantOf }) => variantOf === undefined && withoutCoding(publicPath) !== publicPath,
  );
  if (named.length === 0) return [];
  const byPath = new Map(outputs.map((output) => [output.publicPath, output]));
  return named.flatMap((variant): readonly Pair[] => {
    const { publicPath } = variant;
    const file = byPath.get(withoutCoding(publicPath));
    if (file === undefined || file.variantOf !== undefined) return [];
    return [{ encoding: codingOfVariant({ publicPath, variantOf: file.publicPath })!, file, variant }];
  });
}

/** A pair, of which both are published only as they are now. */
interface StatedPair extends Pair {
  readonly given: Pair;
}

function inTheirState(given: Pair): StatedPair {
  const { encoding, file, variant } = given;
  return { given, encoding, file: stated(file), variant: stated(variant) };
}

/** The very object where it can be: a session knows it again. */
function stated(output: Output): Output {
  const { body } = output;
  const isStated = body.kind !== 'file' || body.stamp !== undefined;
  return isStated ? output : { ...output, body: nameSourceErrors(output, () => inItsState(body)) };
}

async function decodesToFile({ file, variant, encoding }: Pair): Promise<boolean> {
  const content = await contentOf(file);
  if (content === undefined) return false;
  const read = async () => decodesTo(bodyPieces(variant.body), encoding, content);
  return nameSourceErrorsOf(variant, read());
}

/** A new variant in place of one that does not belong; `undefined` where none can be made. */
async function replacement(
  { file, variant, encoding }: Pair,
  { warnings }: SourceVariantsOptions,
): Promise<Output | undefined> {
  const { ENCODINGS, isSupported } = await import('../model/encode.js');
  const { content: _, ...others } = variant;
  const what = `'${variant.source?.sourcePath ?? variant.logicalPath}'`;
  if (!isSupported(encoding)) {
    const why = `Node.js ${process.version} cannot decode ${encoding} to compare it with '${file.publicPath}'`;
    warnings.push({
      code: 'stale-variant',
      message: `${what} is not published: ${why}. Run Node.js 22.15 or newer.`,
    });
    return undefined;
  }
  const message = `${what} does not decode to '${file.publicPath}'. A new one is published in its place. Build it again, or delete it.`;
  warnings.push({ code: 'stale-variant', message });
  const bytes = nameSourceErrors(file, () => readBody(file.body));
  return { ...others, body: { kind: 'bytes', bytes: await ENCODINGS[encoding].compress(bytes) } };
}

/** Key of the proofs in the record, beside the names of processors. */
const MEMORY = 'variants of the sources';

/** Proofs by the variant's public path. */
const PROOFS = defineTable('source variants 1', text);

/** By this a pair is known again that has not changed; `undefined` where a change would not show. */
function proofOf({ file, variant }: Pair, startedAt: number): string | undefined {
  const stamps = [file, variant].map(({ body }) => (body.kind === 'file' ? body.stamp : undefined));
  const shows = stamps.every((stamp) => stamp !== undefined && isSettled(stamp, startedAt));
  return shows ? JSON.stringify(stamps) : undefined;
}

function remember(proofs: ReadonlyMap<string, string>, before: Table<string>, record: PublishRecord): void {
  const isSame =
    proofs.size === before.keys.length && [...proofs].every(([path, proof]) => before.get(path) === proof);
  if (!isSame) record.remember(MEMORY, PROOFS.pack(proofs));
}
