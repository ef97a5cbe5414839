import path from 'node:path';
import { toPosix } from '../files/system-path.js';
import { contentInfo } from '../model/content.js';
import { type Output, storedFacts } from '../model/output.js';
import type { Settings } from '../settings/settings.js';
import type { StoredFile } from '../storages/storage.js';
import type { RunOptions } from './options.js';
import type { Action, Plan, PlanEntry } from './plan.js';

/** A plan that can be reviewed, kept, and applied later. */
export interface PlanFile {
  readonly version: typeof PLAN_VERSION;
  /** ISO 8601: `2026-11-21T08:45:02.492Z`. */
  readonly created: string;
  /** The folder that is published to, relative to the settings' folder; or the URL or name of the storage. */
  readonly destination: string;
  readonly staticUrl: string;
  readonly release: string | null;
  readonly options: PlannedOptions;
  readonly files: readonly PlannedFile[];
}

/** The version of plan files that this version of staticfiles writes and reads. */
export const PLAN_VERSION = 1;

/** The options that decide what is published. */
export type PlannedOptions = Required<
  Pick<RunOptions, 'clear' | 'link' | 'postProcess' | 'ignore' | 'defaultIgnore'>
>;

/** One step of a plan file. */
export interface PlannedFile {
  readonly action: Action;
  /** Public path. */
  readonly path: string;
  readonly reason: string;
  /** The source, relative to the settings' folder; `null` if there is none. */
  readonly source: string | null;
  /** `sha384-…` of the bytes to publish; `null` for a deletion, and for `release.json`, which has the time in it. */
  readonly hash: string | null;
  /** What is there now and will be replaced or deleted; `null` if there is nothing. */
  readonly was: StoredFile | null;
}

/** The part of a plan file that is known before the run. */
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

/** The destination of the settings, as plan files name it. */
export function destinationOf({ baseDir, storage }: Pick<Settings, 'baseDir' | 'storage'>): string {
  const { folder, name, displayUrl = `storage ${name}` } = storage;
  return folder === undefined ? displayUrl : toPosix(path.relative(baseDir, folder));
}

/** The steps of a plan. Its run must have read all files (`readAll`). */
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
  throw new TypeError('A plan file is made from a run that has read all files.');
}

/** Returns the text of a plan file, with one line for each step, so that it can be read and compared with `diff`. */
export function planFileText({ files, ...head }: PlanFile): string {
  const start = JSON.stringify(head, null, 2).replace(/\n\}$/, '');
  const lines = files.map((file) => `    ${JSON.stringify(file)}`);
  return `${start},\n  "files": [\n${lines.join(',\n')}\n  ]\n}\n`;
}
