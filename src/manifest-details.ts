import type { KnownOutput } from './known-output.js';
import { loadMediaTypes } from './media-type.js';
import { sortedByCodePoint } from './paths.js';

const VERSION = '1.0';

/**
 * Makes the text of the details, which tell of each public path what the manifest has no place for (docs/manifest.md).
 *
 * @param manifestHash that of the manifest they belong to
 */
export async function buildDetails(outputs: readonly KnownOutput[], manifestHash: string): Promise<string> {
  const mediaType = await loadMediaTypes();
  const contents = new Map(outputs.map(({ publicPath, content }) => [publicPath, content]));
  const files = sortedByCodePoint(contents.keys()).map((publicPath) => {
    const { size, integrity } = contents.get(publicPath)!;
    // By hand: an object would put a file named `10` first, and take three times as long.
    return `${JSON.stringify(publicPath)}: {"size": ${size}, "type": "${mediaType(publicPath)}", "integrity": "${integrity}"}`;
  });
  const object = files.length === 0 ? '{}' : `{\n${files.join(',\n')}\n}`;
  return `{"version": "${VERSION}", "manifest": "${manifestHash}", "files": ${object}}\n`;
}
