import path from 'node:path';
import type { CaseOutcome } from '../../src/testing/case.js';
import { storageContract } from '../../src/testing/storage-contract.js';

/** The outcome of a case for a storage. */
export type Outcome = CaseOutcome | 'no';

export const STORAGES_FILE = path.resolve(import.meta.dirname, '../../docs/storages-conformance.md');

/** The names of all cases. */
export const CASE_NAMES: readonly string[] = storageContract({
  open: () => {
    throw new Error('Only the names are wanted.');
  },
}).map(({ name }) => name);

/** The cells of the table. */
const SHOWN: Readonly<Record<Outcome, string>> = { met: 'yes', 'does not apply': '–', no: '**no**' };

const HEAD = `# What every storage guarantees

Each line is a case of \`staticfiles/testing\` ([storages.md](storages.md#testing-your-own)), run against each storage on a real server:
versitygw, which checks signatures and checksums and honours conditions; the emulators of Azure and Google Cloud Storage; and rsync over
ssh to two hosts. \`npm run test:servers\` writes this page.

"–" means that the case does not apply. Folders and rsync hosts keep no headers, and a storage that writes under a lock cannot be overtaken.
`;

/** Returns the page with the outcomes by storage and case. */
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
