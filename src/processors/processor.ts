import type { Output } from '../output.js';
import type { Warning } from '../static-file.js';

/** What a processor is told. */
export interface ProcessorContext {
  /** The URL prefix under which the outputs will be served; ends in `/`. */
  readonly staticUrl: string;
  /** Tells of something that does not stop the run. */
  warn(warning: Warning): void;
  /** Aborted when the run is to stop. */
  readonly signal: AbortSignal;
}

/**
 * Turns outputs into outputs: renames, rewrites, adds, leaves out. Runs before the destination is touched;
 * what it throws fails the run with nothing published. Must not change the sources.
 *
 * @example
 * const banner: Processor = {
 *   name: 'banner',
 *   process: (outputs) => [
 *     ...outputs,
 *     { logicalPath: 'build.txt', publicPath: 'build.txt', body: { bytes: Buffer.from('built by CI\n') } },
 *   ],
 * };
 */
export interface Processor {
  /** Shown to people: `fingerprint`. */
  readonly name: string;
  process(
    outputs: readonly Output[],
    context: ProcessorContext,
  ): readonly Output[] | Promise<readonly Output[]>;
}
