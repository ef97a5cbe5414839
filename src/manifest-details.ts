import type { KnownOutput } from './content-facts.js';
import { loadMediaTypes } from './media-type.js';
import { compareCodePoints } from './paths.js';

const VERSION = '1.0';

/**
 * Makes the text of the details, which tell of each public path what the manifest has no place for.
 *
 * @param manifestHash that of the manifest they belong to
 */
export async function buildDetails(outputs: readonly KnownOutput[], manifestHash: string): Promise<string> {
  const mediaType = await loadMediaTypes();
  const files = outputs
    .toSorted((a, b) => compareCodePoints(a.publicPath, b.publicPath))
    .map(({ publicPath, content: { size, integrity } }) => {
      const details = { size, type: mediaType(publicPath), integrity };
      return `${JSON.stringify(publicPath)}:${JSON.stringify(details)}`;
    });
  // By hand: an object would move a file named `10` to the front.
  return `{"version":"${VERSION}","manifest":"${manifestHash}","files":{${files.join(',')}}}`;
}
