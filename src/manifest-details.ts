import { codingOfVariant } from './content-codings.js';
import type { KnownOutput } from './known-output.js';
import { loadMediaTypes, type MediaTypes } from './media-type.js';
import { sortedByCodePoint } from './paths.js';
import { TextBuffer } from './text-buffer.js';

const VERSION = '1.0';

/**
 * Makes the bytes of the details, which tell of each public path what the manifest has no place for (docs/manifest.md).
 *
 * @param manifestHash that of the manifest they belong to
 * @param known keeps what was said of an output, for runs that follow one another
 */
export async function buildDetails(
  outputs: readonly KnownOutput[],
  manifestHash: string,
  known?: WeakMap<KnownOutput, string>,
): Promise<Buffer> {
  const mediaType = await loadMediaTypes();
  const files = new Map<string, KnownOutput>();
  for (const output of outputs) if (output.variantOf === undefined) files.set(output.publicPath, output);
  const encodings = encodingsOf(outputs);
  const text = new TextBuffer();
  text.add(`{"version": "${VERSION}", "manifest": "${manifestHash}", "files": {`);
  let separator = '\n';
  for (const publicPath of sortedByCodePoint(files.keys())) {
    const output = files.get(publicPath)!;
    let facts = known?.get(output);
    if (facts === undefined) {
      facts = factsOf(output, mediaType);
      known?.set(output, facts);
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
function factsOf({ publicPath, content, imports }: KnownOutput, mediaType: MediaTypes): string {
  const parts = [
    ...[JSON.stringify(publicPath), ': {"size": ', content.size, ', "type": "', mediaType(publicPath)],
    ...['", "integrity": "', content.integrity, '"'],
    ...(imports === undefined ? [] : [', "imports": ', JSON.stringify(imports)]),
  ];
  return parts.join(''); // flat, where a template is put together at each use
}

/** By public path, the variants of a file: its coding, and where it is. */
function encodingsOf(outputs: readonly KnownOutput[]): ReadonlyMap<string, readonly string[]> {
  const encodings = new Map<string, string[]>();
  for (const output of outputs) {
    const { publicPath, variantOf, content } = output;
    const coding = codingOfVariant(output);
    if (variantOf === undefined || coding === undefined) continue;
    const place = `"path": ${JSON.stringify(publicPath)}, "size": ${content.size}`;
    const entry = `"${coding}": {${place}, "integrity": "${content.integrity}"}`;
    const others = encodings.get(variantOf);
    if (others === undefined) encodings.set(variantOf, [entry]);
    else others.push(entry);
  }
  return encodings;
}
