import { createHash } from 'node:crypto';
import { readBody } from '../../src/model/body.js';
import type { Processor } from '../../src/processors/processor.js';

/** Publishes each file under a name with the hash of its bytes too, and wants a manifest. */
export const renamingProcessor: Processor = {
  name: 'renaming',
  needsManifest: true,
  process: (outputs) => [
    ...outputs,
    ...outputs.map((output) => {
      const hash = createHash('md5').update(readBody(output.body)).digest('hex').slice(0, 4);
      return { ...output, publicPath: output.publicPath.replace(/\.(\w+)$/, `.${hash}.$1`) };
    }),
  ],
};
