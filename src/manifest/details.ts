import { StaticFilesError } from '../errors.js';
import type { HashedOutput } from '../model/content.js';
import { codingOfVariant, withoutCoding } from '../model/content-encoding.js';
import { loadMediaTypes, type MediaTypes } from '../model/media-type.js';
import { sortedByCodePoint } from '../text/code-points.js';
import { isRecord, parsePublishedJson } from '../text/json.js';
import { TextBuffer } from '../text/string-builder.js';

const VERSION = '1.0';

/** Of an entry. Most take less. */
const EXPECTED_BYTES = 320;

export interface DetailsOptions {
  /** Entries that earlier runs of a session wrote. New ones are added. */
  readonly knownDetails?: WeakMap<HashedOutput, string> | undefined;
  /** Public paths of compressed variants among the sources. They get an entry of their own, and one as a variant. */
  readonly sourceVariants?: ReadonlySet<string>;
}

/**
 * Returns the bytes of the details: size, media type, integrity and variants of each public path (docs/manifest.md).
 *
 * @param manifestHash hash of the manifest that the details belong to
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
  const text = new TextBuffer(outputs.length * EXPECTED_BYTES);
  text.add(`{"version": "${VERSION}", "manifest": "${manifestHash}", "files": {`);
  let separator = '\n';
  for (const publicPath of sortedByCodePoint(files.keys())) {
    const output = files.get(publicPath)!;
    let entry = knownDetails?.get(output);
    if (entry === undefined) {
      entry = openEntryOf(output, mediaType);
      knownDetails?.set(output, entry);
    }
    const variants = encodings.get(publicPath);
    const rest = variants === undefined ? '' : `, "encodings": {${variants.join(', ')}}`;
    text.add(`${separator}${entry}${rest}}`);
    separator = ',\n';
  }
  text.add(files.size === 0 ? '}}\n' : '\n}}\n');
  return text.toBuffer();
}

/**
 * Returns the entry of a file, still open so that its encodings can follow.
 *
 * It is written by hand because an object would put a file named `10` first and take three times as long.
 */
function openEntryOf(output: HashedOutput, mediaType: MediaTypes): string {
  const { publicPath, content, imports, contentEncoding: encoding, stored, immutable } = output;
  const encoded = encoding !== undefined &&
    stored && { encoding, size: stored.size, integrity: stored.integrity };
  const parts = [
    ...[JSON.stringify(publicPath), ': {"size": ', content.size, ', "type": "', mediaType(publicPath)],
    ...['", "integrity": "', content.integrity, '"'],
    ...(immutable ? [', "immutable": true'] : []),
    ...(imports === undefined ? [] : [', "imports": ', JSON.stringify(imports)]),
    ...(encoded ? [', "stored": ', JSON.stringify(encoded)] : []),
  ];
  return parts.join(''); // a template would be a rope, which is flattened at each use
}

/** Returns the JSON entries of each file's variants, by the file's public path. */
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
    const pathAndSize = `"path": ${JSON.stringify(publicPath)}, "size": ${content.size}`;
    const entry = `"${coding}": {${pathAndSize}, "integrity": "${content.integrity}"}`;
    const variants = encodings.get(variantOf);
    if (variants === undefined) encodings.set(variantOf, [entry]);
    else variants.push(entry);
  }
  return encodings;
}

/** Details of a manifest (docs/manifest.md). `File` names the properties that the reader uses. */
export interface Details<File> {
  /** Hash of the manifest that the details belong to. */
  readonly manifest: unknown;
  /** Keyed by public path. */
  readonly files: Readonly<Record<string, File>>;
}

/**
 * Returns the details in a text. The entries of files are not checked: with tens of thousands that would delay the start.
 *
 * @param where shown in messages
 * @throws StaticFilesError `target` if the text is damaged
 */
export function parseDetails<File>(text: string, where: string): Details<File> {
  const details = parsePublishedJson(text, where);
  assertDetails<File>(details, where);
  return details;
}

/** @throws StaticFilesError `target` if the version is not supported */
export function assertDetails<File>(
  details: Readonly<Record<string, unknown>>,
  where: string,
): asserts details is Details<File> & Readonly<Record<string, unknown>> {
  if (details.version === VERSION && isRecord(details.files)) return;
  throw new StaticFilesError(
    'target',
    `'${where}' does not contain details of version '${VERSION}'. ` +
      'Run collectstatic again with the version of staticfiles that this application uses.',
  );
}
