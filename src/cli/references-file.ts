import fs from 'node:fs';
import { describeSystemError, StaticFilesError } from '../errors.js';
import type { ReferenceReport } from '../references/report.js';

/** The file of `--references`. */
export interface ReferencesFile {
  /** Writes what a processor found. Throws `target` where the file cannot be written. */
  write(references: ReferenceReport): void;
  /** Throws `usage` where no processor found anything out. */
  assertWritten(): void;
}

const VERSION = 1;

/** Nothing is written until a processor reports: that is before anything is published. */
export function openReferencesFile(file: string): ReferencesFile {
  const reports: ReferenceReport[] = [];
  return {
    write(references) {
      reports.push(references);
      naming(file, () => fs.writeFileSync(file, documentOf(reports)));
    },
    assertWritten() {
      if (reports.length > 0) return;
      const hint = "Add 'fingerprint' to postProcess, or leave --references out.";
      throw new StaticFilesError(
        'usage',
        `Nothing to write to '${file}': no processor of this run looks for references. ${hint}`,
      );
    },
  };
}

/** One line for each reference, for people with an editor and for `grep`. */
function documentOf(reports: readonly ReferenceReport[]): string {
  const lines = reports.flatMap((report) => Array.from(report.list(), (found) => JSON.stringify(found)));
  return `{"version": ${VERSION}, "references": [\n${lines.join(',\n')}\n]}\n`;
}

function naming(file: string, write: () => void): void {
  try {
    write();
  } catch (cause) {
    if (cause instanceof StaticFilesError) throw cause;
    throw new StaticFilesError('target', `Cannot write '${file}': ${describeSystemError(cause)}.`, { cause });
  }
}
