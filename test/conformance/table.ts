import path from 'node:path';
import { TOPICS } from './all-lines.js';
import { type Line, sectionUrl } from './line.js';

/** Whether a handler meets a line. */
export type Outcome = 'yes' | 'no' | 'ends the process';

export const CONFORMANCE_FILE = path.resolve(import.meta.dirname, '../../docs/http-conformance.md');

const HEAD = `# How handlers of static files keep to HTTP

Each line is a requirement, with the section that it comes from, and a test that is run against this package's handler
with every server it has an adapter for (\`test/conformance/\`), and, for comparison, against others. \`npm run conformance\`
makes this page.

The others serve the same folder with the options that come nearest: sirv \`{ etag: true, maxAge: 60, gzip: true, brotli:
true }\`, send \`{ index: false, maxAge: 60000 }\`, WhiteNoise \`max_age=60\` and an \`immutable_file_test\` for the
fingerprints, under waitress. Neither sirv nor send knows fingerprints, and send does not offer compressed variants at
all: some lines they fail since they do not set out to meet them. A line that a handler's *process* does not survive is
marked so.
`;

/** The page of the outcomes by handler, ours first. */
export function conformancePage(
  results: readonly (readonly [name: string, outcomes: ReadonlyMap<Line, Outcome>])[],
): string {
  const names = results.map(([name]) => name);
  const sections = Object.entries(TOPICS).map(([topic, lines]) => {
    const rows = lines.map(
      (line) => `${lineCells(line)} ${results.map(([, met]) => `${met.get(line)} |`).join(' ')}`,
    );
    return `## ${topic}\n\n${headRows(names)}\n${rows.join('\n')}\n`;
  });
  return `${[HEAD, summary(results), ...sections].join('\n')}`;
}

/** What identifies a line in the page. */
export function lineCells({ section, requirement }: Line): string {
  const url = sectionUrl(section);
  return `| ${requirement} | ${url === undefined ? section : `[${section}](${url})`} |`;
}

function headRows(names: readonly string[]): string {
  return `| | | ${names.join(' | ')} |\n| --- | --- |${' --- |'.repeat(names.length)}`;
}

function summary(results: readonly (readonly [string, ReadonlyMap<Line, Outcome>])[]): string {
  const count = (met: ReadonlyMap<Line, Outcome>, outcome: Outcome) =>
    [...met.values()].filter((each) => each === outcome).length;
  const row = (outcome: Outcome) =>
    `| ${outcome} | ${results.map(([, met]) => `${count(met, outcome)} |`).join(' ')}`;
  const names = results.map(([name]) => name);
  return [
    `| lines met | ${names.join(' | ')} |`,
    `| --- |${' --- |'.repeat(names.length)}`,
    row('yes'),
    row('no'),
    row('ends the process'),
    '',
  ].join('\n');
}
