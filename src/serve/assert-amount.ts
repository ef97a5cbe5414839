import { StaticFilesError } from '../errors.js';

/** @throws StaticFilesError `usage` where an option is no number, or a negative one */
export function assertAmount(option: string, unit: string, value: number): void {
  if (value >= 0) return;
  throw new StaticFilesError(
    'usage',
    `The option ${option} must be a number of ${unit}, 0 or more: ${value}.`,
  );
}
