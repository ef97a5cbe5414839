import path from 'node:path';
import type { Scenario } from './scenario.js';

export const FAULTS_FILE = path.resolve(import.meta.dirname, '../../../docs/storages-faults.md');

/** What servers here do not do as the services do; test/servers/emulators.servers.ts shows that they do not. */
const UNPROVED = [
  'that Google Cloud Storage refuses a large file which does not fit the MD5 that is sent with it: fake-gcs-server compares only what comes in one piece',
  'that a large file goes on where the connection was cut, on Google Cloud Storage: fake-gcs-server takes the question how much has arrived for the end of the file',
  'what is said of wrong credentials by Google Cloud Storage: fake-gcs-server asks for none',
  'what is said of an access key that S3 does not know: versitygw refuses it with a code of its own',
  'what is said of damaged bytes by Azure: azurite refuses them with a code of its own',
  'that Azure tells a wrong key from a missing right: azurite has one code for both',
];

const HEAD = `# What becomes of a run in which something goes wrong

Each line is a scenario that the built command is run through, on a real server, with a proxy before it that does what networks do: a
small project has one version live and publishes the next. Each time it is checked that no secret is in what the command prints; that
the live manifest is of one of the two versions, and every file that it names is there, byte by byte; that the page, too, has all of
its files; and that the next run, with nothing wrong, finishes the work. \`npm run test:servers\` makes this page.
`;

/** The page of what came of scenarios. */
export function faultsPage(outcomes: readonly (readonly [scenario: Scenario, outcome: string])[]): string {
  const sections = [...new Set(outcomes.map(([{ section }]) => section))];
  const parts = sections.map((section) => {
    const rows = outcomes
      .filter(([scenario]) => scenario.section === section)
      .map(([{ fault, service }, outcome]) => `| ${fault} | ${service.name} | ${outcome} |`);
    return `## ${section}\n\n| what goes wrong | where | the run |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  const unproved = `## What is not proved here\n\n${UNPROVED.map((each) => `- ${each}`).join(';\n')}.\n`;
  return [HEAD, ...parts, unproved].join('\n');
}
