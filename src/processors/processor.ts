import type { Output } from '../model/output.js';
import type { HiddenFile, Warning } from '../model/static-file.js';
import type { ReferenceReport } from '../references/report.js';

/** Context of a processor call. */
export interface ProcessorContext {
  /** URL prefix under which the outputs will be served. Ends in `/`. */
  readonly staticUrl: string;
  /** Absolute path of the cache folder. Its files may be deleted at any time. */
  readonly cacheDir: string;
  /** Identifies this processor at this destination among all users of the cache folder. Valid as a file name. */
  readonly destination: string;
  /**
   * Start of the run, in milliseconds since 1970. Do not cache anything about a file that changed later or shortly
   * before: its time might not show the next change.
   */
  readonly startedAt: number;
  /** What this processor saved in earlier runs for this destination. Other processors have their own. */
  readonly cache: ProcessorCache;
  /**
   * What the runs of one session (`collectstatic --watch`) share; `undefined` in a single run. Put here whatever the
   * next run can use.
   *
   * An output that has not changed is the same object in the next run. If you return the same objects for it, later
   * stages skip them.
   */
  readonly session?: Record<string, unknown>;
  /** Returns the logical path that the setting `importmap` gives a bare specifier; `undefined` for other targets. */
  resolveSpecifier(specifier: string): string | undefined;
  /** Returns the file that an ignore pattern hides under a logical path; `undefined` if there is none. */
  hiddenFile(logicalPath: string): Promise<HiddenFile | undefined>;
  /** Whether strings that may be references are asked for, as with `--references`. Looking for them takes time. */
  readonly possibleReferences: boolean;
  /** Reports the references in the files. Call it before you throw, so that `--references` has them. */
  report(references: ReferenceReport): void;
  /** Reports progress: `done` of `total` steps. */
  progress(done: number, total: number): void;
  /** Adds a warning. The run goes on. */
  warn(warning: Warning): void;
  /** Aborts when the run is interrupted. */
  readonly signal: AbortSignal;
}

/** A value that a processor keeps for later runs. It may be lost at any time. */
export interface ProcessorCache {
  /**
   * Returns the value that an earlier run saved for a processor with the same name and {@link Processor.cacheVersion};
   * `undefined` if there is none, or the record is not trusted.
   */
  load(): unknown;
  /**
   * Saves a value, which must work with the structured clone algorithm.
   *
   * @param value the value, or a function that returns it when it is written
   */
  save(value: unknown): void;
}

/**
 * A processor turns outputs into outputs: it may rename, rewrite, add or drop them. It must not change the sources.
 *
 * Processors run before anything is published, so if one throws, the run fails and the destination stays as it is.
 *
 * @example
 * const banner: Processor = {
 *   name: 'banner',
 *   process: (outputs) => [
 *     ...outputs,
 *     { logicalPath: 'build.txt', publicPath: 'build.txt', body: { kind: 'bytes', bytes: Buffer.from('built by CI\n') } },
 *   ],
 * };
 */
export interface Processor {
  /** Name for messages: `fingerprint`. */
  readonly name: string;
  /** Whether applications need the manifest to find its outputs. If so, the manifest is published. */
  readonly needsManifest?: boolean;
  /** Globs of logical paths in its options, by key: `exclude[0]`. A run warns of those that match no file. */
  readonly globs?: Readonly<Record<string, string>>;
  /** Version of the values that it saves in {@link ProcessorContext.cache}. Values of other versions are not loaded. */
  readonly cacheVersion?: string;
  /**
   * Returns the outputs to publish. Return an output as it is to leave it alone.
   *
   * @param outputs the static files, as the processors before this one left them
   */
  process(
    outputs: readonly Output[],
    context: ProcessorContext,
  ): readonly Output[] | Promise<readonly Output[]>;
}
