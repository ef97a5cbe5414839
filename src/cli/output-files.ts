import fs from 'node:fs';
import { describeSystemError, StaticFilesError } from '../errors.js';
import type { ReferenceReport } from '../references/report.js';

/** The file of `--references`. */
export interface ReferencesFile {
  /** Adds the references that a processor found. Throws `target` if the file cannot be written. */
  write(references: ReferenceReport): void;
  /** Throws `usage` if no processor looked for references. */
  assertWritten(): void;
}

const VERSION = 1;

/** Returns the file, which is written as soon as a processor reports, before anything is published. */
export function openReferencesFile(file: string): ReferencesFile {
  const reports: ReferenceReport[] = [];
  return {
    write(references) {
      reports.push(references);
      writeOutputFile(file, documentOf(reports));
    },
    assertWritten() {
      if (reports.length > 0) return;
      throw new StaticFilesError(
        'usage',
        `No processor of this run looks for references, so '${file}' was not written. ` +
          "Add 'fingerprint' to postProcess, or omit --references.",
      );
    },
  };
}

/** One reference a line, for editors and `grep`. */
function documentOf(reports: readonly ReferenceReport[]): string {
  const lines = reports.flatMap((report) => Array.from(report.list(), (found) => JSON.stringify(found)));
  return `{"version": ${VERSION}, "references": [\n${lines.join(',\n')}\n]}\n`;
}

/** Writes a file that an option names. Throws `target` if that fails. */
export function writeOutputFile(file: string, text: string): void {
  try {
    fs.writeFileSync(file, text);
  } catch (cause) {
    throw new StaticFilesError('target', `Cannot write '${file}': ${describeSystemError(cause)}.`, { cause });
  }
}
