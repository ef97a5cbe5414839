import { StaticFilesError } from '../errors.js';
import type { HashedOutput } from '../model/content.js';
import { codingOfVariant, withoutCoding } from '../model/content-encoding.js';
import { differences } from '../model/differences.js';
import { loadMediaTypes, type MediaTypes } from '../model/media-type.js';
import { sortedByCodePoint } from '../text/code-points.js';
import { isRecord, parsePublishedJson } from '../text/json.js';
import { TextBuffer } from '../text/string-builder.js';
import { sortedLines } from './sorted-lines.js';

const VERSION = '1.0';

/** Of an entry. Most take less. */
const EXPECTED_BYTES = 320;

export interface DetailsOptions {
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
  { sourceVariants }: DetailsOptions = {},
): Promise<Buffer> {
  const mediaType = await loadMediaTypes();
  const files = new Map<string, HashedOutput>();
  for (const output of outputs) if (output.variantOf === undefined) files.set(output.publicPath, output);
  const encodings = encodingsOf(outputs, sourceVariants);
  const text = new TextBuffer(outputs.length * EXPECTED_BYTES);
  text.add(startOf(manifestHash));
  let separator = '\n';
  for (const publicPath of sortedByCodePoint(files.keys())) {
    const variants = encodings.get(publicPath);
    text.add(separator + entryOf(files.get(publicPath)!, variants, mediaType));
    separator = ',\n';
  }
  text.add(files.size === 0 ? '}}\n' : '\n}}\n');
  return text.toBuffer();
}

function startOf(manifestHash: string): string {
  return `{"version": "${VERSION}", "manifest": "${manifestHash}", "files": {`;
}

/** Builds the details of the runs of a session. Each makes only the entries that the latest one had not. */
export function detailsBuilder(): typeof buildDetails {
  let before: readonly HashedOutput[] = [];
  let files = new Map<string, HashedOutput>();
  let variants = new Map<string, readonly HashedOutput[]>();
  let entries = sortedLines();

  return async (outputs, manifestHash, options = {}) => {
    const mediaType = await loadMediaTypes();
    const { removed, added } = differences(before, outputs);
    for (const output of removed) remove(output);
    if (options.sourceVariants?.size || !addAll(added)) {
      forget();
      return buildDetails(outputs, manifestHash, options);
    }
    before = outputs;
    const paths = [...removed, ...added].map(({ publicPath, variantOf = publicPath }) => variantOf);
    const encodings = encodingsOf([...new Set(paths)].flatMap((path) => variants.get(path) ?? []));
    entries.change(
      new Map(
        paths.map((path) => {
          const file = files.get(path);
          return [path, file && entryOf(file, encodings.get(path), mediaType)];
        }),
      ),
    );
    const start = startOf(manifestHash);
    return Buffer.from(entries.size() === 0 ? `${start}}}\n` : `${start}\n${entries.join(',\n')}\n}}\n`);
  };

  function forget(): void {
    before = [];
    files = new Map();
    variants = new Map();
    entries = sortedLines();
  }

  function remove(output: HashedOutput): void {
    const { publicPath, variantOf } = output;
    if (variantOf === undefined) {
      if (files.get(publicPath) === output) files.delete(publicPath);
      return;
    }
    const others = (variants.get(variantOf) ?? []).filter((other) => other !== output);
    if (others.length > 0) variants.set(variantOf, others);
    else variants.delete(variantOf);
  }

  /** @returns `false` if the order of the outputs would decide, since only some variants of a file are new */
  function addAll(added: readonly HashedOutput[]): boolean {
    const inOrder = new Map<string, HashedOutput[]>();
    for (const output of added) {
      const { publicPath, variantOf } = output;
      if (variantOf === undefined) files.set(publicPath, output);
      else inOrder.set(variantOf, [...(inOrder.get(variantOf) ?? []), output]);
    }
    for (const [path, list] of inOrder) {
      if (variants.has(path)) return false;
      variants.set(path, list);
    }
    return true;
  }
}

function entryOf(
  output: HashedOutput,
  variants: readonly string[] | undefined,
  mediaType: MediaTypes,
): string {
  const rest = variants === undefined ? '' : `, "encodings": {${variants.join(', ')}}`;
  return `${openEntryOf(output, mediaType)}${rest}}`;
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
  sourceVariants?: ReadonlySet<string>,
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
