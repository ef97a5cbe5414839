import * as v from 'valibot';
import { StaticFilesError } from './errors.js';
import { isRecord } from './json.js';
import type { PlanFile, PlannedFile } from './plan-file.js';
import { PLAN_VERSION, planFileSchema } from './plan-file-schema.js';
import { pathSuffix, show } from './settings/checks/validate.js';

export { PLAN_VERSION };

/**
 * A plan file that says nothing but what a plan may say: what it holds came from somebody else, and only its own keys
 * count.
 *
 * @param where the file's name, for messages
 * @throws StaticFilesError `usage` with all that is wrong with it, by its place in the JSON
 */
export function checkedPlanFile(plan: unknown, where: string): PlanFile {
  if (isRecord(plan) && plan.version !== PLAN_VERSION) {
    const version = `version is ${plan.version === undefined ? 'missing' : show(plan.version)}`;
    throw notApplicable(where, [`${version}; this version of staticfiles reads version ${PLAN_VERSION}`]);
  }
  const { success, output, issues } = v.safeParse(planFileSchema, plan);
  if (!success) throw notApplicable(where, issues.map(problem));
  const contradictions = contradictionsIn(output);
  if (contradictions.length > 0) throw notApplicable(where, contradictions);
  return output;
}

function problem(issue: v.BaseIssue<unknown>): string {
  const place = pathSuffix(issue).replace(/^\./, '') || 'the whole';
  if (issue.type === 'never') {
    return `${place} is unknown (its value is ${show(issue.input)}). Allowed are: ${issue.message.replaceAll(',', ', ')}`;
  }
  return `${place} is ${issue.input === undefined ? 'missing' : show(issue.input)}; expected ${issue.message}`;
}

/** Where the list of files says what the options do not, or says two things of one path. */
function contradictionsIn({ files, options }: PlanFile): string[] {
  const seen = new Set<string>();
  const found: string[] = [];
  for (const [index, file] of files.entries()) {
    const place = `files[${index}]`;
    if (seen.has(file.path)) found.push(`${place}.path is '${file.path}', as that of an earlier entry is`);
    seen.add(file.path);
    if (file.action === 'link' && !options.link)
      found.push(`${place}.action is 'link', and options.link is false`);
    if (isOfClear(file) && !options.clear)
      found.push(`${place}.reason is '${file.reason}', and options.clear is false`);
  }
  return found;
}

/** Whether only `--clear` does that. */
function isOfClear({ reason }: PlannedFile): boolean {
  return reason === 'clear' || reason === 'not collected' || reason === 'empty folder';
}

/** How many problems are named. */
const NAMED = 5;

/** The error for a plan file that is no plan. */
export function notApplicable(
  where: string,
  problems: readonly string[],
  options?: ErrorOptions,
): StaticFilesError {
  const named = problems.slice(0, NAMED).map((each) => `\n  ${where}: ${each}`);
  const more = problems.length > NAMED ? `\n  and ${problems.length - NAMED} more` : '';
  return new StaticFilesError(
    'usage',
    `The plan '${where}' cannot be applied, and nothing was published.${named.join('')}${more}\n` +
      "Create a new one with 'collectstatic --plan-out'.",
    options,
  );
}
