import type { Command, Help, Option } from 'commander';
import { expect, test } from 'vitest';
import { COMMON_OPTIONS } from '../../src/cli/commands/command.js';
import { createProgram } from '../../src/cli/program.js';
import { fakeTerminal } from '../cli/fake-terminal.js';

test('docs/cli.md is current: npx vitest run test/docs/cli-page.test.ts -u writes it', async () => {
  await expect(page()).toMatchFileSnapshot('../../docs/cli.md');
});

const INTRODUCTION = `# Commands

<!-- Generated from the commands: npx vitest run test/docs/cli-page.test.ts -u -->

All options, examples and exit codes, as \`--help\` shows them. The package has three programs: \`collectstatic\`, \`findstatic\`,
and \`staticfiles\`, which has all commands.`;

/** Pages that explain more, by command. */
const SEE_ALSO: Readonly<Record<string, readonly string[]>> = {
  collectstatic: ['clearing', 'watching', 'references', 'releases', 'json'],
  findstatic: ['references', 'json'],
  'staticfiles serve': ['serving', 'development'],
  'staticfiles prune': ['releases'],
  'staticfiles apply': ['releases'],
  'staticfiles cache': ['cache'],
};

function page(): string {
  const commands = leaves(createProgram('staticfiles', fakeTerminal(), async () => {}));
  const common = optionsIn(commands[0]!, COMMON_OPTIONS).filter(({ long }) => long !== '--no-input');
  return [
    INTRODUCTION,
    commands.map(entry).join('\n'),
    '## Common options\n\nEvery command accepts these. It also accepts `--noinput` and `--no-input`, even if it never asks.',
    table(commands[0]!.createHelp(), common),
    ...commands.map(section),
    '',
  ].join('\n\n');
}

/** Commands without those that only have commands below them. */
function leaves(command: Command): readonly Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
}

/** `collectstatic`, `staticfiles serve`, `staticfiles releases list`. */
function titleOf(command: Command): string {
  const own = command.name();
  if (own === 'collectstatic' || own === 'findstatic') return own;
  return command.parent ? `${titleOf(command.parent)} ${own}` : own;
}

function entry(command: Command): string {
  const title = titleOf(command);
  return `- [\`${title}\`](#${title.replaceAll(' ', '-')}): ${command.description()}`;
}

function section(command: Command): string {
  const help = command.createHelp();
  const title = titleOf(command);
  const groups = new Set(command.options.map(({ helpGroupHeading }) => helpGroupHeading));
  const tables = [...groups]
    .filter((heading) => heading !== COMMON_OPTIONS)
    .map((heading) => table(help, optionsIn(command, heading), heading));
  const [, examples, exitCodes] = /\nExamples:\n(.*)\nExit codes:\n(.*)\n/s.exec(helpOf(command))!;
  return [
    `## ${title}`,
    `${command.description()}.`,
    block(`${title} ${command.usage()}`),
    ...tables,
    block(examples!.replace(/^ {2}/gm, '').trimEnd()),
    `Exit codes: ${exitCodes!
      .trim()
      .replace(/^ *(\d+(?:, \d+)*) +/gm, '`$1` ')
      .replaceAll('\n', '; ')}.`,
    seeAlso(SEE_ALSO[title] ?? ['releases']),
  ].join('\n\n');
}

function seeAlso(pages: readonly string[]): string {
  return `See also: ${pages.map((page) => `[${page}.md](${page}.md)`).join(', ')}.`;
}

function optionsIn(command: Command, heading: string | undefined): readonly Option[] {
  return command.options.filter(({ helpGroupHeading }) => helpGroupHeading === heading);
}

function table(help: Help, options: readonly Option[], heading = 'Option'): string {
  const rows = options.map(
    (option) =>
      `| \`${help.optionTerm(option)}\` | ${help.optionDescription(option).replaceAll('|', '\\|')} |`,
  );
  return [`| ${heading.replace(':', '')} | |`, '| --- | --- |', ...rows].join('\n');
}

function block(text: string): string {
  return `\`\`\`console\n${text}\n\`\`\``;
}

/** The help as a terminal shows it. */
function helpOf(command: Command): string {
  let text = '';
  const writeOut = (part: string) => {
    text += part;
  };
  command.configureOutput({ writeOut }).outputHelp();
  return text;
}
