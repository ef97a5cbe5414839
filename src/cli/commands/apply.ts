import path from 'node:path';
import type { Command } from 'commander';
import type { PlanFile } from '../../pipeline/plan-file.js';
import type { ExitCode } from '../terminal.js';
import { addCommon, type CommandContext, type Example, type Start, searchedRoots } from './command.js';

interface Flags {
  readonly dryRun?: boolean;
}

async function run(
  { settings, reporter, terminal, signal }: CommandContext,
  { dryRun = false }: Flags,
  [file = '']: readonly string[],
): Promise<ExitCode> {
  const { applyPlan } = await import('../../apply-plan.js');
  const planFile = await readPlanFile(path.resolve(terminal.cwd, file));
  const result = await applyPlan(settings, planFile, {
    where: file,
    dryRun,
    signal,
    onPlan: (plan) => reporter.planned(plan, { dryRun }),
    onWarning: (warning) => reporter.warned([warning]),
    onProgress: reporter.progressed,
  });
  reporter.collected(result, { searched: searchedRoots(settings) });
  return 0;
}

const EXAMPLES: readonly Example[] = [
  ['collectstatic --plan-out plan.json', 'write a plan, and change nothing'],
  ['staticfiles apply --dry-run plan.json', 'check that it still fits'],
  ['staticfiles apply plan.json', 'publish exactly that, or nothing'],
];

/** Defines apply. */
export function defineApply(command: Command, start: Start): void {
  command
    .description('Publish exactly what a plan file says, unless a file has changed since')
    .argument('<plan>', 'file that collectstatic --plan-out wrote')
    .option('-n, --dry-run', 'show what would be done and whether the plan still fits, and change nothing');
  addCommon(command, EXAMPLES, { failed: 'failed, or the plan is out of date' }).action(() =>
    start(command, run),
  );
}

/** Reads a plan file. Throws `usage` if it cannot be read or is not a plan. */
export async function readPlanFile(file: string): Promise<PlanFile> {
  const [{ cannotRead, readRegularFileSync }, { parsePlanFile }] = await Promise.all([
    import('../../files/bytes.js'),
    import('../../pipeline/read-plan-file.js'),
  ]);
  let text: string;
  try {
    text = readRegularFileSync(file).toString();
  } catch (cause) {
    throw cannotRead('usage', `'${file}'`, cause);
  }
  return parsePlanFile(text, file);
}
