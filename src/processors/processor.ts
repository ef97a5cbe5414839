import type { Output } from '../model/output.js';
import type { Warning } from '../model/static-file.js';
import type { ReferenceReport } from '../references/report.js';

/** What a processor is told. */
export interface ProcessorContext {
  /** The URL prefix under which the outputs will be served; ends in `/`. */
  readonly staticUrl: string;
  /** Absolute path of a folder for what may be deleted at any time. */
  readonly cacheDir: string;
  /**
   * A name, safe for files, that tells this processor at this destination from all others that use the same cache folder.
   */
  readonly destination: string;
  /** Milliseconds since 1970; a file that changed after it, or shortly before, is not to be remembered. */
  readonly startedAt: number;
  /** What this processor remembers from run to run, kept with the record of the destination; no other one sees it. */
  readonly cache: ProcessorCache;
  /**
   * Where runs follow one another (collectstatic --watch): whatever this processor wants to find again at the next one.
   * An output that is the very object of an earlier run has not changed since; a processor that then gives the very
   * objects it made of it spares the later stages their work.
   */
  readonly session?: Record<string, unknown>;
  /** The logical path to which the import map of the settings leads a bare specifier; none where it leads elsewhere. */
  resolveSpecifier(specifier: string): string | undefined;
  /** Tells what is known of the references in the files, as soon as it is; for processors that look for such. */
  report(references: ReferenceReport): void;
  /** Tells how far it is: with so many of all things to do done. */
  progress(done: number, total: number): void;
  /** Tells of something that does not stop the run. */
  warn(warning: Warning): void;
  /** Aborted when the run is to stop. */
  readonly signal: AbortSignal;
}

/** A value that the structured clone algorithm takes. It may be lost at any time. */
export interface ProcessorCache {
  /**
   * What was saved at an earlier run by a processor of the same name and {@link Processor.cacheVersion}; `undefined` if
   * nothing was, or if no record is to be trusted.
   */
  load(): unknown;
  /** @param value made when it is written, where it is a function */
  save(value: unknown): void;
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
  /** Whether applications need the manifest to find what it makes; one is published then. */
  readonly needsManifest?: boolean;
  /** The form of what it saves in its memory. Change it with the form: what has another one is not loaded. */
  readonly cacheVersion?: string;
  process(
    outputs: readonly Output[],
    context: ProcessorContext,
  ): readonly Output[] | Promise<readonly Output[]>;
}
