import type { CommandContext } from '../../../src/cli/commands/command.js';
import type { FindReport, Reporter } from '../../../src/cli/reporter.js';
import type { CollectResult } from '../../../src/collectstatic.js';
import type { Finder } from '../../../src/finders/finder.js';
import type { Warning } from '../../../src/model/static-file.js';
import type { Plan } from '../../../src/pipeline/plan.js';
import type { Settings } from '../../../src/settings/settings.js';
import { dirsRoot } from '../examples.js';
import { type FakeTerminal, fakeTerminal } from '../fake-terminal.js';

/** What a reporter was told. */
class FakeReporter implements Reporter {
  readonly warnings: Warning[] = [];
  readonly plans: Plan[] = [];
  readonly collects: CollectResult[] = [];
  readonly finds: FindReport[] = [];

  warned = (warnings: readonly Warning[]): void => void this.warnings.push(...warnings);
  referenced(): void {}
  cached(): void {}
  planWritten(): void {}
  released(): void {}
  pruning(): void {}
  pruned(): void {}
  planned = (plan: Plan): void => void this.plans.push(plan);
  progressed = (): void => {};
  paused = (): void => {};
  collected = (report: CollectResult): void => void this.collects.push(report);
  found = (report: FindReport): void => void this.finds.push(report);
  serving(): void {}
  answered(): void {}
  brokenReference(): void {}
  watching(): void {}
  collectedAgain(): void {}
  failed = (error: unknown): void => {
    throw error;
  };
}

export interface FakeContext extends CommandContext {
  readonly reporter: FakeReporter;
  readonly terminal: FakeTerminal;
  readonly controller: AbortController;
}

export function fakeContext({ isTTY = false } = {}): FakeContext {
  const controller = new AbortController();
  const terminal = fakeTerminal({ isTTY, env: { STATIC_ROOT: '/env' } });
  return { reporter: new FakeReporter(), terminal, controller, signal: controller.signal, atEnd() {} };
}

const finder: Finder = {
  name: 'file-system',
  roots: () => [dirsRoot],
  list: () => [],
  find: () => [],
  explain: () => undefined,
};

export const settings: Settings = {
  baseDir: '/project',
  staticRoot: '/project/out',
  staticUrl: '/static/',
  cacheDir: '/project/.cache',
  finders: [finder],
  storage: {
    name: 'nowhere',
    inventory: async () => ({ proof: { kind: 'stat' }, get: () => undefined, entries: () => [] }),
    write: async () => {},
    remove: async () => {},
    readText: async () => undefined,
  },
  processors: [],
  manifest: { name: 'staticfiles.json' },
  ignore: [],
  conflicts: 'allow',
  warnings: [{ code: 'W004', message: "The directory '/a' does not exist." }],
};
