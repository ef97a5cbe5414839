import type { KnownOutput } from './content-facts.js';
import { loadMediaTypes } from './media-type.js';
import { sortedByCodePoint } from './paths.js';

const VERSION = '1.0';

/**
 * Makes the text of the details, which tell of each public path what the manifest has no place for.
 *
 * @param manifestHash that of the manifest they belong to
 */
export async function buildDetails(outputs: readonly KnownOutput[], manifestHash: string): Promise<string> {
  const mediaType = await loadMediaTypes();
  const contents = new Map(outputs.map(({ publicPath, content }) => [publicPath, content]));
  const files = sortedByCodePoint(contents.keys()).map((publicPath) => {
    const { size, integrity } = contents.get(publicPath)!;
    const details = JSON.stringify({ size, type: mediaType(publicPath), integrity });
    return `${JSON.stringify(publicPath)}:${details}`;
  });
  // By hand: an object would move a file named `10` to the front.
  return `{"version":"${VERSION}","manifest":"${manifestHash}","files":{${files.join(',')}}}`;
}
