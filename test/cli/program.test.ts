import fs from 'node:fs';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { createProgram, type ProgramName } from '../../src/cli/program.js';
import { fakeTerminal } from './fake-terminal.js';

/** Returns the command that a command line names, with its options and arguments. */
async function parse(program: ProgramName, argv: readonly string[]) {
  const started: { name: string; options: object; args: readonly string[] }[] = [];
  const parser = createProgram(program, fakeTerminal(), async (name, command) => {
    started.push({ name, options: command.opts(), args: command.args });
  });
  await parser.parseAsync(argv, { from: 'user' });
  return started[0];
}

const common = { input: true, verbosity: 1 };

const collectDefaults = { ...common, postProcess: true, defaultIgnore: true, index: true };

describe('collectstatic', () => {
  it.each<[args: string, options: object]>([
    ['', {}],
    ['--noinput', { input: false }],
    ['--no-input', { input: false }],
    ['--no-input --noinput', { input: false }],
    ['--no-post-process', { postProcess: false }],
    ['--no-default-ignore', { defaultIgnore: false }],
    ['-i *.map', { ignore: ['*.map'] }],
    ['-i *.map --ignore docs --ignore=x', { ignore: ['*.map', 'docs', 'x'] }],
    ['-n', { dryRun: true }],
    ['--dry-run', { dryRun: true }],
    ['-c', { clear: true }],
    ['--clear', { clear: true }],
    ['--clear=all', { clear: 'all' }],
    ['--clear all -l', { clear: 'all', link: true }],
    ['--clear --max-delete 5', { clear: true, maxDelete: 5 }],
    ['-cn --max-delete=0', { clear: true, dryRun: true, maxDelete: 0 }],
    ['--prune --keep 2 --older-than 2h', { prune: true, keep: 2, olderThan: 7_200_000 }],
    ['-l', { link: true }],
    ['--link', { link: true }],
    ['-ncl', { dryRun: true, clear: true, link: true }],
    ['-v 0', { verbosity: 0 }],
    ['-v3', { verbosity: 3 }],
    ['--verbosity 2', { verbosity: 2 }],
    ['--verbosity=2', { verbosity: 2 }],
    ['-q', { quiet: true }],
    ['--json', { json: true }],
    ['--fail-on-conflict', { failOnConflict: true }],
    ['--checksum', { checksum: true }],
    ['--no-index', { index: false }],
    ['--watch --poll', { watch: true, poll: true }],
    ['--settings conf/s.json', { settings: 'conf/s.json' }],
    ['--static-root out --static-url /s/', { staticRoot: 'out', staticUrl: '/s/' }],
    ['--cache-dir .cache', { cacheDir: '.cache' }],
  ])('understands %j', async (args, options) => {
    const argv = args.split(' ').filter(Boolean);
    const expected = { name: 'collectstatic', options: { ...collectDefaults, ...options }, args: [] };
    expect(await parse('collectstatic', argv)).toEqual(expected);
    expect(await parse('staticfiles', ['collectstatic', ...argv])).toEqual(expected);
  });
});

describe('findstatic', () => {
  it.each<[args: string, names: string[], options: object]>([
    ['css/app.css', ['css/app.css'], {}],
    ['a b --first', ['a', 'b'], { first: true }],
    ['-v 2 a', ['a'], { verbosity: 2 }],
    ['--json --settings s.json a', ['a'], { json: true, settings: 's.json' }],
    ['-- --first', ['--first'], {}],
  ])('understands %j', async (args, names, options) => {
    const argv = args.split(' ');
    const expected = { name: 'findstatic', options: { ...common, ...options }, args: names };
    expect(await parse('findstatic', argv)).toEqual(expected);
    expect(await parse('staticfiles', ['findstatic', ...argv])).toEqual(expected);
  });
});

describe('every command', () => {
  const leaves = (command: Command): Command[] =>
    command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
  const commands = leaves(createProgram('staticfiles', fakeTerminal(), async () => {})).map((command) => ({
    path: [...(command.parent?.parent ? [command.parent.name()] : []), command.name()],
    args: command.registeredArguments.map((argument) => argument.name()),
  }));

  it('is one of these', () => {
    expect(commands.map(({ path }) => path.join(' '))).toEqual([
      ...['collectstatic', 'findstatic', 'serve'],
      ...['releases list', 'releases show', 'releases diff', 'releases activate', 'releases remove'],
      ...['prune', 'apply', 'cache'],
    ]);
  });

  it.each(commands)('$path accepts --noinput and --no-input', async ({ path, args }) => {
    for (const flag of ['--noinput', '--no-input'])
      expect(await parse('staticfiles', [...path, flag, ...args])).toMatchObject({
        options: { input: false },
        args,
      });
  });

  it.each(commands)('$path has two to four examples and its exit codes in the help', async ({ path }) => {
    const terminal = fakeTerminal();
    expect(await main('staticfiles', [...path, '--help'], terminal)).toBe(0);
    expect(terminal.stdout.text).toMatch(/\nExamples:\n( {2}\$ .+\n){2,4}\nExit codes:\n/);
  });

  it('has help for its options that starts with a verb, and ends without a full stop', () => {
    const options = leaves(createProgram('staticfiles', fakeTerminal(), async () => {})).flatMap(
      (command) => command.options,
    );
    for (const { description } of options) expect(description).toMatch(/^[a-z].*[^.]$/);
  });
});

describe('wrong usage', () => {
  it.each<[program: ProgramName, args: string, message: string]>([
    ['collectstatic', '--lnk', "unknown option '--lnk'\nDid you mean '--link'?\n"],
    ['collectstatic', '-v 4', "argument '4' is invalid. Allowed choices are 0, 1, 2, 3."],
    ['collectstatic', '-v loud', "argument 'loud' is invalid"],
    ['collectstatic', '--settings', 'argument missing'],
    ['collectstatic', 'css', 'too many arguments'],
    ['collectstatic', '--clear=some', "argument 'some' is invalid. The only value is 'all'."],
    ['collectstatic', '--poll', 'error: --poll requires --watch\n'],
    ['collectstatic', '--max-delete 5', 'error: --max-delete requires --prune or --clear\n'],
    ['collectstatic', '--older-than 5d', 'error: --older-than requires --prune\n'],
    ['findstatic', '--first --why a', "option '--first' cannot be used with option '--why'"],
    ['staticfiles', 'cache --max-age 0', 'error: --max-age requires --prune\n'],
    ['staticfiles', 'cache --max-size 0', 'error: --max-size requires --prune\n'],
    ['staticfiles', 'serve --show-indexes', 'error: --show-indexes requires --dev\n'],
    ['staticfiles', 'serve --insecure', 'error: --insecure requires --dev\n'],
    ['findstatic', '--first', "missing required argument 'names'\nAdd --help to see how it is used.\n"],
    ['staticfiles', '', 'Usage: staticfiles'],
    ['staticfiles', 'collectsatic', "unknown command 'collectsatic'\nDid you mean 'collectstatic'?\n"],
    ['staticfiles', 'collect', "unknown command 'collect'\nDid you mean 'collectstatic'?\n"],
    ['staticfiles', 'build', "unknown command 'build'\nDid you mean 'collectstatic'?\n"],
    ['staticfiles', 'find', "unknown command 'find'\nDid you mean 'findstatic'?\n"],
    ['staticfiles', 'dev', "unknown command 'dev'\nDid you mean 'serve --dev'?\n"],
    ['staticfiles', 'rollback', "unknown command 'rollback'\nDid you mean 'releases'?\n"],
    ['staticfiles', 'collectstatic -x', "unknown option '-x'"],
  ])('%s %s exits with 2', async (program, args, message) => {
    const terminal = fakeTerminal();
    expect(await main(program, args.split(' ').filter(Boolean), terminal)).toBe(2);
    expect(terminal.stderr.text).toContain(message);
    expect(terminal.stdout.text).toBe('');
  });
});

describe('help and version', () => {
  it.each<ProgramName>(['collectstatic', 'findstatic', 'staticfiles'])('%s --version', async (program) => {
    const terminal = fakeTerminal();
    expect(await main(program, ['--version'], terminal)).toBe(0);
    const { version } = JSON.parse(fs.readFileSync('package.json', 'utf8'));
    expect(terminal.stdout.text).toBe(`${version}\n`);
  });

  it.each<[ProgramName, string]>([
    ['collectstatic', '--help'],
    ['findstatic', '-h'],
    ['staticfiles', '--help'],
    ['staticfiles', 'help collectstatic'],
    ['staticfiles', 'findstatic --help'],
    ['staticfiles', 'releases --help'],
  ])('%s %s shows examples', async (program, args) => {
    const terminal = fakeTerminal();
    expect(await main(program, args.split(' '), terminal)).toBe(0);
    expect(terminal.stdout.text).toMatch(/^Usage: /);
    expect(terminal.stdout.text).toMatch(/\nExamples:\n {2}\$ /);
  });
});
