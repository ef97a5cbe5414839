import { type DistinctPaths, distinctPaths } from '../../model/distinct-paths.js';
import type { Output } from '../../model/output.js';
import type { ProcessorContext } from '../processor.js';
import { hasOtherProperties } from './custom-properties.js';
import { type Classifier, createClassifier, type Link, linksOf, linksOfFile } from './links.js';
import type { FingerprintMemory } from './memory.js';
import type { NamedFile, NamedFiles } from './names.js';
import type { FingerprintRules } from './options.js';
import { type TrackedFile, trackFiles } from './track-files.js';

/** The files of a run and their links, in the same order. */
export interface LinkedFiles {
  readonly files: readonly TrackedFile[];
  readonly classifier: Classifier;
  readonly links: readonly (readonly Link[])[];
}

/** What the runs of a session share. A run takes from here what no change affects. */
export interface FingerprintSession {
  readonly memory: FingerprintMemory;
  readonly tracked: WeakMap<Output, TrackedFile>;
  /** The files of the latest run, as they were digested. */
  digested: readonly TrackedFile[];
  /** The latest run. */
  last: LinkedFiles | undefined;
  /** The names of the latest run. */
  named: NamedFiles | undefined;
  /** Paths of the outputs. */
  readonly paths: DistinctPaths;
}

/** Returns what the runs of the session share; `undefined` for a single run. */
export function sessionOf(
  { session }: ProcessorContext,
  openMemory: () => FingerprintMemory,
): FingerprintSession | undefined {
  if (session === undefined) return undefined;
  session.files ??= {
    memory: openMemory(),
    tracked: new WeakMap(),
    digested: [],
    last: undefined,
    named: undefined,
    paths: distinctPaths(),
  } satisfies FingerprintSession;
  return session.files as FingerprintSession;
}

/** Digests the outputs that earlier runs of the session did not have. */
export async function trackChanged(
  outputs: readonly Output[],
  session: FingerprintSession,
  rules: FingerprintRules,
  signal: AbortSignal,
): Promise<readonly TrackedFile[]> {
  const { memory, tracked, digested } = session;
  // Comparing by index first is faster: nearly all outputs have the same index as in the latest run.
  const known = (output: Output, index: number) => {
    const file = digested[index];
    return file?.output === output ? file : tracked.get(output);
  };
  const unknown = outputs.filter((output, index) => known(output, index) === undefined);
  for (const file of await trackFiles(unknown, rules, memory, signal)) tracked.set(file.output, file);
  session.digested = outputs.map((output, index) => known(output, index)!);
  return session.digested;
}

/**
 * Returns the links of all files. Reuses those of unchanged files, unless a name came, went or
 * changed, or the use of a custom property did.
 */
export function linkChanged(
  files: readonly TrackedFile[],
  last: LinkedFiles | undefined,
  rules: FingerprintRules,
  staticUrl: string,
): LinkedFiles {
  if (last === undefined || !sameNames(files, last.files) || usesChanged(files, last.files)) {
    const classifier = createClassifier(files, rules, staticUrl);
    return { files, classifier, links: linksOf(files, classifier) };
  }
  const { classifier } = last;
  const links = files.map((file, index) =>
    file === last.files[index] ? last.links[index]! : linksOfFile(file, classifier),
  );
  return { files, classifier, links };
}

/** Returns the outputs of a file: the same objects as in an earlier run, if nothing about them has changed. */
export function publishChanged(
  file: TrackedFile,
  { fingerprint, content }: NamedFile,
  imports: readonly string[] | undefined,
  publish: () => readonly Output[],
): readonly Output[] {
  const { made } = file;
  const isSame = made?.content === content && made.fingerprint === fingerprint;
  if (isSame && made.imports?.join('\0') === imports?.join('\0')) return made.outputs;
  const outputs = publish();
  file.made = { fingerprint, content, imports, outputs };
  return outputs;
}

function sameNames(files: readonly TrackedFile[], others: readonly TrackedFile[]): boolean {
  return files.length === others.length && files.every((file, index) => hasNamesOf(file, others[index]!));
}

/** Whether custom properties are used in other places, so that URLs in unchanged files resolve differently. */
function usesChanged(files: readonly TrackedFile[], others: readonly TrackedFile[]): boolean {
  return files.some((file, index) => file !== others[index] && hasOtherProperties(file, others[index]!));
}

function hasNamesOf(file: TrackedFile, other: TrackedFile): boolean {
  if (file === other) return true;
  const { output, keepsName } = file;
  const { logicalPath, publicPath } = other.output;
  return (
    output.logicalPath === logicalPath && output.publicPath === publicPath && keepsName === other.keepsName
  );
}
