import type { Result } from './command.js';

/** One file of what `--json` prints. */
interface PlannedFile {
  readonly action: string;
  readonly path: string;
  readonly reason: string;
}

/** What `collectstatic --json` prints, as far as the tests look at it. */
export interface JsonReport {
  readonly dryRun: boolean;
  readonly counts: Readonly<Record<string, number>>;
  readonly files: readonly PlannedFile[];
  readonly conflicts: readonly { readonly path: string; readonly sameBytes: boolean }[];
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  readonly milliseconds: Readonly<Record<string, number>>;
}

/** Reads what a command printed with `--json`. Throws where that is not one JSON document. */
export function reportOf(result: Result): JsonReport {
  return JSON.parse(result.stdout) as JsonReport;
}

/** `copy a.css (new)`, a line for each step of the plan, in its order. */
export function planOf(result: Result): string[] {
  return reportOf(result).files.map(({ action, path, reason }) => `${action} ${path} (${reason})`);
}
