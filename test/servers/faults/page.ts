import path from 'node:path';
import type { Scenario } from './scenario.js';

export const FAULTS_FILE = path.resolve(import.meta.dirname, '../../../docs/storages-faults.md');

/** What the emulators do differently from the services. test/servers/emulators.servers.ts shows each. */
const UNPROVED = [
  'that Google Cloud Storage refuses a large file that does not match its MD5: fake-gcs-server compares only objects that are sent in one piece',
  'that a large upload to Google Cloud Storage continues where the connection was cut: fake-gcs-server takes the question how much has arrived for the end of the file',
  'the message for wrong credentials at Google Cloud Storage: fake-gcs-server needs none',
  'the message for an access key that S3 does not know: versitygw has another code for it',
  'the message for damaged bytes at Azure: azurite has another code for them',
  'that Azure distinguishes a wrong key from a missing permission: azurite has one code for both',
];

const HEAD = `# What happens when something goes wrong

Each line is a scenario for the built command on a real server. A small project has one version live and publishes the next, while a
proxy, the settings or the machine cause trouble. \`npm run test:servers\` writes this page. Each scenario checks that:

- the command prints no secret;
- the live manifest is that of one of the two versions, and every file that it names is there, byte by byte;
- all files of the page are there;
- the next run, without trouble, finishes the work.
`;

/** Returns the page with the outcomes of scenarios. */
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
