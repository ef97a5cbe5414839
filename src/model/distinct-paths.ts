import { differences } from './differences.js';
import type { Output } from './output.js';

/** Finds out whether outputs have different public paths. Kept from run to run, it looks only at other outputs. */
export interface DistinctPaths {
  /**
   * Whether no two outputs have the same public path.
   *
   * @param check called for each output that the latest list had not; it may throw
   */
  areIn(outputs: readonly Output[], check?: (output: Output) => void): boolean;
}

export function distinctPaths(): DistinctPaths {
  let before: readonly Output[] = [];
  let paths = new Set<string>();
  return {
    areIn(outputs, check) {
      const { removed, added } = differences(before, outputs);
      const known = paths;
      before = [];
      paths = new Set();
      if (check) added.forEach(check);
      for (const { publicPath } of removed) known.delete(publicPath);
      for (const { publicPath } of added) known.add(publicPath);
      if (known.size !== outputs.length) return false;
      before = outputs;
      paths = known;
      return true;
    },
  };
}
