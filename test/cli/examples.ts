import type { CollectResult } from '../../src/collectstatic.js';
import type { Conflict } from '../../src/finders/conflicts.js';
import { originalOutput } from '../../src/model/output.js';
import type { SearchRoot, StaticFile } from '../../src/model/static-file.js';
import type { PlanEntry } from '../../src/pipeline/plan.js';

export const dirsRoot: SearchRoot = {
  dir: '/project/assets',
  prefix: '',
  setting: 'staticfilesDirs[0]',
  vendor: false,
};

export const appRoot: SearchRoot = {
  dir: '/project/apps/blog/static',
  prefix: '',
  setting: 'installedApps[0]',
  vendor: false,
};

function staticFile(logicalPath: string, root: SearchRoot = dirsRoot): StaticFile {
  return { logicalPath, sourcePath: `${root.dir}/${logicalPath}`, root };
}

export function conflict(sameBytes: () => boolean): Conflict {
  return {
    logicalPath: 'css/app.css',
    winner: staticFile('css/app.css'),
    shadowed: staticFile('css/app.css', appRoot),
    sameBytes,
  };
}

export const copied: PlanEntry = {
  action: 'copy',
  publicPath: 'a.css',
  reason: 'new',
  replaces: false,
  output: originalOutput(staticFile('a.css')),
};

export const linked: PlanEntry = { ...copied, action: 'link', reason: 'file became link' };

export const kept: PlanEntry = { ...copied, action: 'keep', reason: 'unchanged', replaces: true };

export const deleted: PlanEntry = {
  action: 'delete',
  publicPath: 'old/x.txt',
  reason: 'not collected',
  replaces: true,
};

export const fingerprinted: PlanEntry = {
  action: 'copy',
  publicPath: 'a.27e20196a850.css',
  reason: 'changed',
  replaces: false,
  output: {
    logicalPath: 'a.css',
    publicPath: 'a.27e20196a850.css',
    body: { kind: 'bytes', bytes: Buffer.from('a{}') },
    source: staticFile('a.css'),
  },
};

export const noCounts = {
  files: 0,
  copied: 0,
  linked: 0,
  unmodified: 0,
  postProcessed: 0,
  deleted: 0,
  reheadered: 0,
  conflicts: 0,
};

export function collectReport(over: Partial<CollectResult> = {}): CollectResult {
  return {
    dryRun: false,
    folder: '/project/out',
    counts: noCounts,
    plan: [],
    conflicts: [],
    warnings: [],
    milliseconds: { find: 1, 'post-process': 0, plan: 2, publish: 3 },
    ...over,
  };
}
