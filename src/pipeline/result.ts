import fs from 'node:fs';
import type { Conflict } from '../finders/conflicts.js';
import type { Found } from '../finders/find.js';
import { readBody } from '../model/body.js';
import { type CodingName, codingOfVariant } from '../model/content-encoding.js';
import { isManifest, isOriginal, type Output, storedFacts } from '../model/output.js';
import type { StaticFile, Warning } from '../model/static-file.js';
import { type Destination, describeDestination } from '../storages/destination.js';
import type { Stage } from './options.js';
import type { Plan } from './plan.js';
import type { Run } from './run.js';

/** Numbers of static files, by what happened to them, and of published files. */
export interface CollectCounts {
  /** Static files that were found. */
  readonly files: number;
  /** Static files of which an output was written: under the plain name, a fingerprinted one, or both. */
  readonly copied: number;
  /** Static files that were published as a link. */
  readonly linked: number;
  /** Static files of which every output was already published. */
  readonly unmodified: number;
  /** Published files that processors made or renamed, and that were written. */
  readonly postProcessed: number;
  /** Published files that were deleted. */
  readonly deleted: number;
  /** Published files whose headers were replaced, but not their bytes. */
  readonly reheadered: number;
  /** Shadowed files: not collected, since another file with the same logical path came first. */
  readonly conflicts: number;
}

/** What a run has done, or a dry run would do. */
export interface RunResult extends Destination {
  readonly dryRun: boolean;
  readonly counts: CollectCounts;
  /** What publishing did, or would do, file by file. */
  readonly plan: Plan;
  readonly conflicts: readonly Conflict[];
  readonly warnings: readonly Warning[];
  /** Duration of each stage. */
  readonly milliseconds: Readonly<Record<Stage, number>>;
}

/** Returns the result of a run that has come to its end. */
export function resultOf(
  { settings, options, warnings, milliseconds }: Run,
  plan: Plan,
  { files, conflicts }: Pick<Found, 'files' | 'conflicts'>,
): RunResult {
  return {
    dryRun: options.dryRun ?? false,
    ...describeDestination(settings.storage),
    counts: { ...countStaticFiles(plan, files), ...countOutputs(plan), conflicts: conflicts.length },
    plan,
    conflicts,
    warnings,
    milliseconds,
  };
}

/** Counts static files as Django does, however many outputs each has. Variants and manifests decide nothing. */
function countStaticFiles(plan: Plan, files: readonly StaticFile[]) {
  const actions = new Map<string, FileAction>();
  const count = (logicalPath: string, own: FileAction) => {
    const others = actions.get(logicalPath);
    if (others === undefined || RANK[own] > RANK[others]) actions.set(logicalPath, own);
  };
  for (const { action, output, reason } of plan) {
    if (!output || output.variantOf !== undefined || isManifest(output)) continue;
    const own =
      action === 'keep' || reason === 'headers' ? 'unmodified' : action === 'link' ? 'linked' : 'copied';
    count(output.logicalPath, own);
    for (const alias of output.aliases ?? NO_ALIASES) count(alias, own);
  }
  const counts = { files: files.length, copied: 0, linked: 0, unmodified: 0 };
  for (const { logicalPath } of files) {
    const action = actions.get(logicalPath); // a processor may have dropped the file
    if (action !== undefined) counts[action] += 1;
  }
  return counts;
}

const NO_ALIASES: readonly string[] = [];

type FileAction = 'copied' | 'linked' | 'unmodified';

/** If the outputs of a file have several actions, the highest counts. */
const RANK: Readonly<Record<FileAction, number>> = { unmodified: 0, copied: 1, linked: 2 };

/** Counts published files, without empty folders and manifests. */
function countOutputs(plan: Plan) {
  const counts = { postProcessed: 0, deleted: 0, reheadered: 0 };
  for (const { action, output, reason } of plan) {
    if (isManifest(output) || reason === 'empty folder' || action === 'keep') continue;
    if (reason === 'headers') counts.reheadered += 1;
    else if (action === 'delete') counts.deleted += 1;
    else if (action === 'copy' && output !== undefined && !isOriginal(output)) counts.postProcessed += 1;
  }
  return counts;
}

/** How much a run has at the destination when it is done, without manifests. */
export interface PublishedAmount {
  /** Files, without compressed variants. */
  readonly files: number;
  /** Bytes of these files, as they are stored. */
  readonly size: number;
  /** Bytes of the compressed variants, by encoding. */
  readonly variants: Readonly<Partial<Record<CodingName, number>>>;
}

/** Returns how much a plan publishes, with the files that stay as they are. Looks at sources that nothing has read. */
export function publishedBy(plan: Plan): PublishedAmount {
  return amountOf(plan, sizeOf);
}

/** Returns how much a plan publishes, given the size of each output. */
export function amountOf(plan: Plan, sizeOf: (output: Output) => number): PublishedAmount {
  const variants: Partial<Record<CodingName, number>> = {};
  let files = 0;
  let size = 0;
  for (const { action, output } of plan) {
    if (output === undefined || action === 'delete' || isManifest(output)) continue;
    const coding = codingOfVariant(output);
    if (coding !== undefined) variants[coding] = (variants[coding] ?? 0) + sizeOf(output);
    else {
      files += 1;
      size += sizeOf(output);
    }
  }
  return { files, size, variants };
}

/** The bytes of an output as they are stored. A source that is gone by now counts as empty. */
export function sizeOf(output: Output): number {
  const { body } = output;
  const known = storedFacts(output)?.size;
  if (known !== undefined) return known;
  if (body.kind === 'file')
    return body.stamp?.size ?? fs.statSync(body.file, { throwIfNoEntry: false })?.size ?? 0;
  return readBody(body).length;
}
