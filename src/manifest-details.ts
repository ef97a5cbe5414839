import type { KnownOutput } from './known-output.js';
import { loadMediaTypes } from './media-type.js';
import { sortedByCodePoint } from './paths.js';
import { TextBuffer } from './text-buffer.js';

const VERSION = '1.0';

/**
 * Makes the bytes of the details, which tell of each public path what the manifest has no place for (docs/manifest.md).
 *
 * @param manifestHash that of the manifest they belong to
 */
export async function buildDetails(outputs: readonly KnownOutput[], manifestHash: string): Promise<Buffer> {
  const mediaType = await loadMediaTypes();
  const files = outputs.filter(({ variantOf }) => variantOf === undefined);
  const byPath = new Map(files.map((file) => [file.publicPath, file]));
  const encodings = encodingsOf(outputs);
  const text = new TextBuffer();
  text.add(`{"version": "${VERSION}", "manifest": "${manifestHash}", "files": {`);
  let separator = '\n';
  for (const publicPath of sortedByCodePoint(byPath.keys())) {
    const { content, imports } = byPath.get(publicPath)!;
    const { size, integrity } = content;
    // By hand: an object would put a file named `10` first, and take three times as long.
    const facts = `"size": ${size}, "type": "${mediaType(publicPath)}", "integrity": "${integrity}"`;
    const imported = imports === undefined ? '' : `, "imports": ${JSON.stringify(imports)}`;
    const encoded = encodings.get(publicPath);
    const more = encoded === undefined ? '' : `, "encodings": {${encoded.join(', ')}}`;
    text.add(`${separator}${JSON.stringify(publicPath)}: {${facts}${imported}${more}}`);
    separator = ',\n';
  }
  text.add(byPath.size === 0 ? '}}\n' : '\n}}\n');
  return text.toBuffer();
}

/** The codings that servers ask for by name, by the extension of a variant. */
const CODINGS: Readonly<Record<string, string>> = { '.br': 'br', '.gz': 'gzip', '.zst': 'zstd' };

/** By public path, the variants of a file: its coding, and where it is. */
function encodingsOf(outputs: readonly KnownOutput[]): ReadonlyMap<string, readonly string[]> {
  const encodings = new Map<string, string[]>();
  for (const { publicPath, variantOf, content } of outputs) {
    const coding = variantOf !== undefined && CODINGS[publicPath.slice(variantOf.length)];
    if (!coding) continue;
    const entry = `"${coding}": {"path": ${JSON.stringify(publicPath)}, "size": ${content.size}}`;
    const others = encodings.get(variantOf);
    if (others === undefined) encodings.set(variantOf, [entry]);
    else others.push(entry);
  }
  return encodings;
}
