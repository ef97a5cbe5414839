import fs from 'node:fs';
import { describeSystemError, StaticFilesError } from '../errors.js';
import { type PlanFile, parsePlanFile, planFileText } from '../plan-file.js';
import { readRegularFileSync } from '../regular-file.js';

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
    throw new StaticFilesError('usage', `Cannot read '${file}': ${describeSystemError(cause)}.`, { cause });
  }
}
