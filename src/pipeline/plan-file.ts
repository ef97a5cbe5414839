import path from 'node:path';
import { toPosix } from '../files/system-path.js';
import { contentInfo } from '../model/content.js';
import { type Output, storedFacts } from '../model/output.js';
import type { Settings } from '../settings/settings.js';
import type { StoredFile } from '../storages/storage.js';
import { checkedPlanFile, notApplicable, PLAN_VERSION } from './check-plan-file.js';
import type { RunOptions } from './options.js';
import type { Action, Plan, PlanEntry } from './plan.js';

/** One step of a plan, as it stands in a plan file. */
export interface PlannedFile {
  readonly action: Action;
  /** Public path. */
  readonly path: string;
  readonly reason: string;
  /** The file it comes from, relative to the settings' folder; `null` for what has none. */
  readonly source: string | null;
  /** `sha384-…` of the bytes that will stand there; `null` for a deletion, and for what tells the time of publishing. */
  readonly hash: string | null;
  /** What stands there now and will be replaced or deleted; `null` where nothing will. */
  readonly was: StoredFile | null;
}

/** What of the options has a part in what is published. */
export type PlannedOptions = Required<
  Pick<RunOptions, 'clear' | 'link' | 'postProcess' | 'ignore' | 'defaultIgnore'>
>;

/** A plan that can be reviewed, kept, and applied later. */
export interface PlanFile {
  readonly version: typeof PLAN_VERSION;
  readonly created: string;
  /** The folder that is published to, relative to the settings' folder; or the name of the storage. */
  readonly destination: string;
  readonly staticUrl: string;
  readonly release: string | null;
  readonly options: PlannedOptions;
  readonly files: readonly PlannedFile[];
}

/** What a plan file says of a run besides its files. */
export async function planHead(settings: Settings, options: RunOptions): Promise<Omit<PlanFile, 'files'>> {
  const { clear = false, link = false, postProcess = true, ignore = [], defaultIgnore = true } = options;
  return {
    version: PLAN_VERSION,
    created: new Date().toISOString(),
    destination: destinationOf(settings),
    staticUrl: settings.staticUrl,
    release: (await settings.release?.id()) ?? null,
    options: { clear, link, postProcess, ignore, defaultIgnore },
  };
}

/** Where settings publish to, as plan files say it. */
export function destinationOf({ baseDir, storage }: Pick<Settings, 'baseDir' | 'storage'>): string {
  const { folder, name, displayUrl = `storage ${name}` } = storage;
  return folder === undefined ? displayUrl : toPosix(path.relative(baseDir, folder));
}

/** The steps of a plan of a run that has read all files. */
export function plannedFiles(plan: Plan, baseDir: string): readonly PlannedFile[] {
  return plan.map((entry) => plannedFile(entry, baseDir));
}

function plannedFile(
  { action, publicPath, reason, output, stored }: PlanEntry,
  baseDir: string,
): PlannedFile {
  const source = output?.source?.sourcePath;
  return {
    action,
    path: publicPath,
    reason,
    source: source === undefined ? null : toPosix(path.relative(baseDir, source)),
    hash: output === undefined || output.role === 'release-note' ? null : hashOf(output),
    was: stored ?? null,
  };
}

function hashOf(output: Output): string {
  const { body } = output;
  const stored = storedFacts(output);
  if (stored !== undefined) return stored.integrity;
  if (body.kind === 'bytes') return contentInfo(body.bytes, 'md5').integrity;
  throw new TypeError('A plan file is made of a run that has read all files.');
}

/** The text of a plan file: one line for each step, for people and for `diff`. */
export function planFileText({ files, ...head }: PlanFile): string {
  const start = JSON.stringify(head, null, 2).replace(/\n\}$/, '');
  const lines = files.map((file) => `    ${JSON.stringify(file)}`);
  return `${start},\n  "files": [\n${lines.join(',\n')}\n  ]\n}\n`;
}

/**
 * Reads a plan file.
 *
 * @param where the file's name, for messages
 * @throws StaticFilesError `usage` with all that is wrong with it, by its place in the JSON
 */
export function parsePlanFile(text: string, where: string): PlanFile {
  let plan: unknown;
  try {
    plan = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (cause) {
    throw notApplicable(where, [`not valid JSON: ${cause instanceof Error ? cause.message : cause}`], {
      cause,
    });
  }
  return checkedPlanFile(plan, where);
}
