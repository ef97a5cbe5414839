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
  const contents = new Map(outputs.map(({ publicPath, content }) => [publicPath, content]));
  const text = new TextBuffer();
  text.add(`{"version": "${VERSION}", "manifest": "${manifestHash}", "files": {`);
  let separator = '\n';
  for (const publicPath of sortedByCodePoint(contents.keys())) {
    const { size, integrity } = contents.get(publicPath)!;
    // By hand: an object would put a file named `10` first, and take three times as long.
    const facts = `"size": ${size}, "type": "${mediaType(publicPath)}", "integrity": "${integrity}"`;
    text.add(`${separator}${JSON.stringify(publicPath)}: {${facts}}`);
    separator = ',\n';
  }
  text.add(contents.size === 0 ? '}}\n' : '\n}}\n');
  return text.toBuffer();
}
