import fs from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { applyPlan } from '../../apply-plan.js';
import { describeSystemError, StaticFilesError } from '../../errors.js';
import { cannotRead, readRegularFileSync } from '../../files/bytes.js';
import { type PlanFile, planFileText } from '../../pipeline/plan-file.js';
import { parsePlanFile } from '../../pipeline/read-plan-file.js';
import { loadSettings } from '../../settings/load.js';
import type { ApplyFlags, Invocation } from '../reporter.js';
import type { ExitCode } from '../terminal.js';
import {
  addCommonOptions,
  type CommandContext,
  type CommonValues,
  commonFlags,
  loadCommandSettings,
} from './command.js';

/** Runs `staticfiles apply` and reports it. */
export async function runApply(
  { plan, flags }: { readonly plan: string; readonly flags: ApplyFlags },
  context: CommandContext,
): Promise<ExitCode> {
  const { reporter, terminal, signal } = context;
  const planFile = readPlanFile(path.resolve(terminal.cwd, plan));
  const settings = await loadCommandSettings(loadSettings, flags, context);
  const report = await applyPlan(settings, planFile, {
    ...{ where: plan, dryRun: flags.dryRun, signal },
    onPlan: reporter.planned,
    onWarning: (warning) => reporter.warned([warning]),
    onProgress: reporter.progressed,
  });
  reporter.collected(report);
  return 0;
}

interface ApplyValues extends CommonValues {
  readonly dryRun?: true;
}

const EXAMPLES = `
Examples:
  $ collectstatic --plan-out plan.json     plan, and change nothing
  $ staticfiles apply plan.json            publish exactly that, or nothing
`;

/** Makes `command` the command apply. */
export function defineApply(command: Command, understood: (invocation: Invocation) => void): void {
  command
    .description('Publishes what a plan of collectstatic --plan-out says, unless files have changed since.')
    .argument('<plan>', 'the file of the plan')
    .option('-n, --dry-run', 'show what would be done, and whether the plan still fits; change nothing');
  addCommonOptions(command)
    .addHelpText('after', EXAMPLES)
    .action((plan: string, values: ApplyValues) =>
      understood({
        command: 'apply',
        plan,
        flags: { ...commonFlags(values), dryRun: values.dryRun ?? false },
      }),
    );
}

/** Writes a plan file. Throws `target` where that fails. */
export function writePlanFile(file: string, plan: PlanFile): void {
  try {
    fs.writeFileSync(file, planFileText(plan));
  } catch (cause) {
    throw new StaticFilesError('target', `Cannot write '${file}': ${describeSystemError(cause)}.`, { cause });
  }
}

/** Reads a plan file. Throws `usage` where it is not there, or none. */
export function readPlanFile(file: string): PlanFile {
  return parsePlanFile(textOf(file), file);
}

function textOf(file: string): string {
  try {
    return readRegularFileSync(file).toString();
  } catch (cause) {
    throw cannotRead('usage', `'${file}'`, cause);
  }
}
