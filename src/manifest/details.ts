import { StaticFilesError } from '../errors.js';
import type { HashedOutput } from '../model/content.js';
import { codingOfVariant, withoutCoding } from '../model/content-encoding.js';
import { loadMediaTypes, type MediaTypes } from '../model/media-type.js';
import { sortedByCodePoint } from '../text/code-points.js';
import { isRecord, parsePublishedJson } from '../text/json.js';
import { TextBuffer } from '../text/string-builder.js';

const VERSION = '1.0';

export interface DetailsOptions {
  /** What was said of outputs in earlier runs, where runs follow one another. */
  readonly knownDetails?: WeakMap<HashedOutput, string> | undefined;
  /** The public paths of compressed variants that came with the sources: files of their own, and variants too. */
  readonly sourceVariants?: ReadonlySet<string>;
}

/**
 * Makes the bytes of the details, which tell of each public path what the manifest has no place for (docs/manifest.md).
 *
 * @param manifestHash that of the manifest they belong to
 */
export async function buildDetails(
  outputs: readonly HashedOutput[],
  manifestHash: string,
  { knownDetails, sourceVariants }: DetailsOptions = {},
): Promise<Buffer> {
  const mediaType = await loadMediaTypes();
  const files = new Map<string, HashedOutput>();
  for (const output of outputs) if (output.variantOf === undefined) files.set(output.publicPath, output);
  const encodings = encodingsOf(outputs, sourceVariants);
  const text = new TextBuffer();
  text.add(`{"version": "${VERSION}", "manifest": "${manifestHash}", "files": {`);
  let separator = '\n';
  for (const publicPath of sortedByCodePoint(files.keys())) {
    const output = files.get(publicPath)!;
    let facts = knownDetails?.get(output);
    if (facts === undefined) {
      facts = factsOf(output, mediaType);
      knownDetails?.set(output, facts);
    }
    const encoded = encodings.get(publicPath);
    const more = encoded === undefined ? '' : `, "encodings": {${encoded.join(', ')}}`;
    text.add(`${separator}${facts}${more}}`);
    separator = ',\n';
  }
  text.add(files.size === 0 ? '}}\n' : '\n}}\n');
  return text.toBuffer();
}

/** By hand: an object would put a file named `10` first, and take three times as long. */
function factsOf(output: HashedOutput, mediaType: MediaTypes): string {
  const { publicPath, content, imports, contentEncoding: encoding, stored } = output;
  const encoded = encoding !== undefined &&
    stored && { encoding, size: stored.size, integrity: stored.integrity };
  const parts = [
    ...[JSON.stringify(publicPath), ': {"size": ', content.size, ', "type": "', mediaType(publicPath)],
    ...['", "integrity": "', content.integrity, '"'],
    ...(imports === undefined ? [] : [', "imports": ', JSON.stringify(imports)]),
    ...(encoded ? [', "stored": ', JSON.stringify(encoded)] : []),
  ];
  return parts.join(''); // flat, where a template is put together at each use
}

/** By public path, the variants of a file: its coding, and where it is. */
function encodingsOf(
  outputs: readonly HashedOutput[],
  sourceVariants: ReadonlySet<string> | undefined,
): ReadonlyMap<string, readonly string[]> {
  const encodings = new Map<string, string[]>();
  for (const output of outputs) {
    const { publicPath, content } = output;
    const variantOf = sourceVariants?.has(publicPath) ? withoutCoding(publicPath) : output.variantOf;
    if (variantOf === undefined) continue;
    const coding = codingOfVariant({ publicPath, variantOf });
    if (coding === undefined) continue;
    const place = `"path": ${JSON.stringify(publicPath)}, "size": ${content.size}`;
    const entry = `"${coding}": {${place}, "integrity": "${content.integrity}"}`;
    const others = encodings.get(variantOf);
    if (others === undefined) encodings.set(variantOf, [entry]);
    else others.push(entry);
  }
  return encodings;
}

/** What stands in the details of a manifest (docs/manifest.md), by a reader who knows of a `File` what it needs. */
export interface Details<File> {
  /** The hash of the manifest that they belong to. */
  readonly manifest: unknown;
  /** By public path. */
  readonly files: Readonly<Record<string, File>>;
}

/**
 * Reads the details of a manifest. Each file's are read as they are: checking tens of thousands would delay the start.
 *
 * @throws StaticFilesError `target` where they are damaged
 */
export function parseDetails<File>(text: string, where: string): Details<File> {
  const details = parsePublishedJson(text, where);
  assertDetails<File>(details, where);
  return details;
}

/** @throws StaticFilesError `target` for details of another form */
export function assertDetails<File>(
  details: Readonly<Record<string, unknown>>,
  where: string,
): asserts details is Details<File> & Readonly<Record<string, unknown>> {
  if (details.version === '1.0' && isRecord(details.files)) return;
  throw new StaticFilesError(
    'target',
    `'${where}' holds no details of version '1.0'. ` +
      'Run collectstatic again, with the version of staticfiles that this application has.',
  );
}
