import type { PublishRecord } from '../cache/record.js';
import { isSettled } from '../files/stamp.js';
import { defineTable, type Table, text } from '../files/table.js';
import { bodyPieces, inItsState, nameSourceErrors, nameSourceErrorsOf, readBody } from '../model/body.js';
import { contentOf } from '../model/content.js';
import { type CodingName, codingOfVariant, withoutCoding } from '../model/content-encoding.js';
import { decodesTo } from '../model/decode.js';
import type { Output } from '../model/output.js';
import type { Warning } from '../model/static-file.js';
import type { Run } from './run.js';

export interface CheckedOutputs {
  readonly outputs: readonly Output[];
  /** The public paths of the variants that came with the sources. */
  readonly variants: ReadonlySet<string>;
}

/**
 * Checks the compressed variants that came with the sources, such as a bundler's `app.js.gz`. A server would send one for
 * the file beside it, so one that does not decode to that file is replaced by a new one, with a warning.
 *
 * @throws StaticFilesError `source` if one of the files cannot be read
 */
export async function checkSourceVariants(
  outputs: readonly Output[],
  { record, startedAt, warnings, signal }: Pick<Run, 'record' | 'startedAt' | 'warnings' | 'signal'>,
): Promise<CheckedOutputs> {
  const pairs = pairsOf(outputs);
  if (pairs.length === 0) return { outputs, variants: new Set() };
  const known = PROOFS.open(record.recall(RECORD_KEY));
  const proofs = new Map<string, string>();
  const variants = new Set<string>();
  const checked = new Map<Output, Output | undefined>();
  for (const given of pairs) {
    signal.throwIfAborted();
    const pair = { ...given, file: withStamp(given.file), variant: withStamp(given.variant) };
    const { publicPath } = pair.variant;
    const proof = proofOf(pair, startedAt);
    const isProved = proof !== undefined && known.get(publicPath) === proof;
    const belongs = isProved || (await decodesToFile(pair));
    const variant = belongs ? pair.variant : await replacement(pair, warnings);
    if (belongs && proof !== undefined) proofs.set(publicPath, proof);
    if (variant) variants.add(publicPath);
    checked.set(given.file, pair.file).set(given.variant, variant);
  }
  remember(proofs, known, record);
  const all = outputs.map((output) => (checked.has(output) ? checked.get(output) : output));
  return { outputs: all.filter((output) => output !== undefined), variants };
}

/** A file, and what servers take for a variant of it, by its name. */
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

/**
 * The output with the stamp of its file: it is published only in the state in which it was checked. The same object if
 * it has one already, since a session knows outputs by identity.
 */
function withStamp(output: Output): Output {
  const { body } = output;
  const isStamped = body.kind !== 'file' || body.stamp !== undefined;
  return isStamped ? output : { ...output, body: nameSourceErrors(output, () => inItsState(body)) };
}

async function decodesToFile({ file, variant, encoding }: Pair): Promise<boolean> {
  const content = await contentOf(file);
  if (content === undefined) return false;
  const read = async () => decodesTo(bodyPieces(variant.body), encoding, content);
  return nameSourceErrorsOf(variant, read());
}

/** A new variant instead of one that does not belong; `undefined` if this Node.js cannot make one. */
async function replacement(
  { file, variant, encoding }: Pair,
  warnings: Warning[],
): Promise<Output | undefined> {
  const { ENCODINGS, isSupported } = await import('../model/encode.js');
  const name = `'${variant.source?.sourcePath ?? variant.logicalPath}'`;
  const warn = (message: string) => warnings.push({ code: 'stale-variant', message });
  if (!isSupported(encoding)) {
    const reason = `Node.js ${process.version} cannot decode ${encoding} to compare it with '${file.publicPath}'`;
    warn(`${name} is not published: ${reason}. Run Node.js 22.15 or newer.`);
    return undefined;
  }
  warn(
    `${name} does not decode to '${file.publicPath}'. A new one is published in its place. Build it again, or delete it.`,
  );
  const bytes = nameSourceErrors(file, () => readBody(file.body));
  const { content: _, ...others } = variant;
  return { ...others, body: { kind: 'bytes', bytes: await ENCODINGS[encoding].compress(bytes) } };
}

/** Identifies the state of a pair; `undefined` if a change might not show, since a file is too young. */
function proofOf({ file, variant }: Pair, startedAt: number): string | undefined {
  const stamps = [file, variant].map(({ body }) => (body.kind === 'file' ? body.stamp : undefined));
  const shows = stamps.every((stamp) => stamp !== undefined && isSettled(stamp, startedAt));
  return shows ? JSON.stringify(stamps) : undefined;
}

const RECORD_KEY = 'variants of the sources';

/** The pairs that belong together: public path of the variant, and {@link proofOf} the pair. */
const PROOFS = defineTable('source variants 1', text);

function remember(proofs: ReadonlyMap<string, string>, before: Table<string>, record: PublishRecord): void {
  const isSame =
    proofs.size === before.keys.length && [...proofs].every(([path, proof]) => before.get(path) === proof);
  if (!isSame) record.remember(RECORD_KEY, PROOFS.pack(proofs));
}
