import path from 'node:path';
import type { CaseOutcome } from '../../src/testing/case.js';
import { storageContract } from '../../src/testing/storage-contract.js';

/** What a storage made of a case. */
export type Outcome = CaseOutcome | 'no';

export const STORAGES_FILE = path.resolve(import.meta.dirname, '../../docs/storages-conformance.md');

/** The cases, by their names. */
export const CASE_NAMES: readonly string[] = storageContract({
  open: () => {
    throw new Error('Only the names are wanted.');
  },
}).map(({ name }) => name);

/** How an outcome is shown. */
const SHOWN: Readonly<Record<Outcome, string>> = { met: 'yes', 'does not apply': '–', no: '**no**' };

const HEAD = `# What the storages keep to

Each line is a case of \`staticfiles/testing\` ([storages.md](storages.md#testing-your-own)), run against each storage on a
real server: versitygw, which checks signatures and checksums and keeps to conditions; the emulators of Azure and Google Cloud
Storage; and rsync over ssh to two hosts. \`npm run test:servers\` makes this page. "–" is what a storage does not have: files and
servers of one's own have no headers to keep, and what writes under a lock is not overtaken.
`;

/** The page of the outcomes, by storage and case. */
export function conformancePage(
  results: readonly (readonly [storage: string, outcomes: ReadonlyMap<string, Outcome>])[],
): string {
  const head = `| | ${results.map(([name]) => `${name} |`).join(' ')}\n| --- |${' --- |'.repeat(results.length)}`;
  const rows = CASE_NAMES.map(
    (name) =>
      `| ${name} | ${results.map(([, outcomes]) => `${SHOWN[outcomes.get(name) ?? 'no']} |`).join(' ')}`,
  );
  return `${HEAD}\n${head}\n${rows.join('\n')}\n`;
}
