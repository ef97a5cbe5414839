import type { Output } from '../../model/output.js';
import type { ProcessorContext } from '../processor.js';
import { type Classifier, createClassifier, type Link, linksOf, linksOfFile } from './links.js';
import type { FingerprintMemory } from './memory.js';
import type { NamedFile } from './names.js';
import type { FingerprintRules } from './options.js';
import { type TrackedFile, trackFiles } from './track-files.js';

/** The files of a run, and by their order where they lead. */
export interface LinkedFiles {
  readonly files: readonly TrackedFile[];
  readonly classifier: Classifier;
  readonly links: readonly (readonly Link[])[];
}

/** What is kept from run to run where runs follow one another: what no change has touched is taken from there. */
export interface Kept {
  readonly memory: FingerprintMemory;
  readonly tracked: WeakMap<Output, TrackedFile>;
  last: LinkedFiles | undefined;
}

/** What the context keeps; nothing for a run alone. */
export function keptIn({ session }: ProcessorContext, openMemory: () => FingerprintMemory): Kept | undefined {
  if (session === undefined) return undefined;
  session.files ??= {
    memory: openMemory(),
    tracked: new WeakMap(),
    last: undefined,
  } satisfies Kept;
  return session.files as Kept;
}

/** Digests the outputs that are not of the run before. */
export async function trackChanged(
  outputs: readonly Output[],
  { memory, tracked, last }: Kept,
  rules: FingerprintRules,
  signal: AbortSignal,
): Promise<readonly TrackedFile[]> {
  // Nearly all stand where they stood.
  const known = (output: Output, index: number) => {
    const file = last?.files[index];
    return file?.output === output ? file : tracked.get(output);
  };
  const unknown = outputs.filter((output, index) => known(output, index) === undefined);
  for (const file of await trackFiles(unknown, rules, memory, signal)) tracked.set(file.output, file);
  return outputs.map((output, index) => known(output, index)!);
}

/** The links of all files: those of the run before for files that are of it, as long as no name came or went. */
export function linkChanged(
  files: readonly TrackedFile[],
  last: LinkedFiles | undefined,
  rules: FingerprintRules,
  staticUrl: string,
): LinkedFiles {
  if (last === undefined || !sameNames(files, last.files)) {
    const classifier = createClassifier(files, rules, staticUrl);
    return { files, classifier, links: linksOf(files, classifier) };
  }
  const { classifier } = last;
  const links = files.map((file, index) =>
    file === last.files[index] ? last.links[index]! : linksOfFile(file, classifier),
  );
  return { files, classifier, links };
}

/** The outputs of a file: the very objects of an earlier run where they tell the same. */
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
  return (
    files.length === others.length &&
    files.every(({ output }, index) => hasNamesOf(output, others[index]!.output))
  );
}

function hasNamesOf({ logicalPath, publicPath }: Output, other: Output): boolean {
  return logicalPath === other.logicalPath && publicPath === other.publicPath;
}
