import path from 'node:path';
import { TOPICS } from './all-lines.js';
import { differencesPart } from './differences.js';
import { type Line, sectionUrl } from './line.js';

/** Whether a handler meets a requirement. */
export type Outcome = 'yes' | 'no' | 'crashes';

export const CONFORMANCE_FILE = path.resolve(import.meta.dirname, '../../docs/http-conformance.md');

const HEAD = `# HTTP conformance

What this package's handler does in HTTP, requirement by requirement, compared with other handlers of static files. Use it
to decide whether a handler does what you need. How to use ours: [serving.md](serving.md).

Each row is a test in \`test/conformance/\`. It runs against our handler on every server that has an adapter. The command
\`npm run conformance\` runs it against all handlers and writes this page.
`;

const FOOT = `## How the others are set up

All handlers serve the same folder, with the options that come nearest:

| handler | options |
| --- | --- |
| sirv | \`{ etag: true, maxAge: 60, gzip: true, brotli: true }\` |
| send | \`{ index: false, maxAge: 60000 }\` |
| WhiteNoise, under waitress | \`max_age=60\`, \`immutable_file_test\` for the fingerprints |

sirv and send do not know fingerprints, and send does not serve compressed variants, so they fail requirements that they do
not aim at. "Crashes" means that the request ends the handler's process.
`;

/** Returns the page. The first handler is ours. */
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
  return [HEAD, summary(results), ...sections, FOOT, differencesPart()].join('\n');
}

/** Returns the cells that identify a requirement in the page. */
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
    `| requirement met | ${names.join(' | ')} |`,
    `| --- |${' --- |'.repeat(names.length)}`,
    row('yes'),
    row('no'),
    row('crashes'),
    '',
  ].join('\n');
}
