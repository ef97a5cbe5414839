import type { Output } from '../output.js';
import { posixDirname } from '../paths.js';
import type { Inventory } from '../storages/storage.js';
import type { UnchangedProof } from '../unchanged.js';

/**
 * Has the note of a release follow its manifest: it says when that was last written, and stays where that stays. So
 * publishing the same twice changes nothing, whatever time it is.
 */
export function noteFollowsManifest(
  unchanged: UnchangedProof,
  outputs: readonly Output[],
  inventory: Inventory,
): UnchangedProof {
  const stands = (output: Output) => {
    const stored = inventory.get(output.publicPath);
    return stored?.kind === 'file' && unchanged(output, stored);
  };
  return (output, stored) => {
    if (output.role !== 'release-note') return unchanged(output, stored);
    const folder = posixDirname(output.publicPath);
    return outputs
      .filter(({ role, publicPath }) => role === 'manifest' && posixDirname(publicPath) === folder)
      .every(stands);
  };
}
