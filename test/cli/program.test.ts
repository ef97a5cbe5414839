import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type ProgramName, parseArguments } from '../../src/cli/program.js';
import type { CollectFlags, FindFlags } from '../../src/cli/reporter.js';
import { fakeTerminal } from './fake-terminal.js';

const common = {
  verbosity: 1,
  json: false,
  settings: undefined,
  staticRoot: undefined,
  staticUrl: undefined,
  cacheDir: undefined,
} as const;

const collectDefaults: CollectFlags = {
  ...common,
  interactive: true,
  postProcess: true,
  ignore: [],
  defaultIgnore: true,
  dryRun: false,
  clear: false,
  maxDelete: undefined,
  link: false,
  failOnConflict: false,
  checksum: false,
  index: true,
  references: undefined,
  planOut: undefined,
  prune: undefined,
  watch: false,
  poll: false,
};

const findDefaults: FindFlags = { ...common, first: false, why: false };

describe('collectstatic', () => {
  it.each<[args: string, flags: Partial<CollectFlags>]>([
    ['', {}],
    ['--noinput', { interactive: false }],
    ['--no-input', { interactive: false }],
    ['--no-input --noinput', { interactive: false }],
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
    ['-l', { link: true }],
    ['--link', { link: true }],
    ['-ncl', { dryRun: true, clear: true, link: true }],
    ['-v 0', { verbosity: 0 }],
    ['-v3', { verbosity: 3 }],
    ['--verbosity 2', { verbosity: 2 }],
    ['--verbosity=2', { verbosity: 2 }],
    ['-q', { verbosity: 0 }],
    ['-v 3 --quiet', { verbosity: 0 }],
    ['--json', { json: true }],
    ['--fail-on-conflict', { failOnConflict: true }],
    ['--checksum', { checksum: true }],
    ['--settings conf/s.json', { settings: 'conf/s.json' }],
    ['--static-root out --static-url /s/', { staticRoot: 'out', staticUrl: '/s/' }],
    ['--cache-dir .cache', { cacheDir: '.cache' }],
  ])('understands %j', (args, flags) => {
    const argv = args.split(' ').filter(Boolean);
    const expected = { invocation: { command: 'collectstatic', flags: { ...collectDefaults, ...flags } } };
    expect(parseArguments('collectstatic', argv, fakeTerminal())).toEqual(expected);
    expect(parseArguments('staticfiles', ['collectstatic', ...argv], fakeTerminal())).toEqual(expected);
  });
});

describe('findstatic', () => {
  it.each<[args: string, names: string[], flags: Partial<FindFlags>]>([
    ['css/app.css', ['css/app.css'], {}],
    ['a b --first', ['a', 'b'], { first: true }],
    ['-v 2 a', ['a'], { verbosity: 2 }],
    ['--json --settings s.json a', ['a'], { json: true, settings: 's.json' }],
    ['-- --first', ['--first'], {}],
  ])('understands %j', (args, names, flags) => {
    const argv = args.split(' ');
    const expected = { invocation: { command: 'findstatic', names, flags: { ...findDefaults, ...flags } } };
    expect(parseArguments('findstatic', argv, fakeTerminal())).toEqual(expected);
    expect(parseArguments('staticfiles', ['findstatic', ...argv], fakeTerminal())).toEqual(expected);
  });
});

describe('wrong usage', () => {
  it.each<[program: ProgramName, args: string, message: string]>([
    ['collectstatic', '--lnk', "unknown option '--lnk'"],
    ['collectstatic', '-v 4', "argument '4' is invalid. Allowed choices are 0, 1, 2, 3."],
    ['collectstatic', '-v loud', "argument 'loud' is invalid"],
    ['collectstatic', '--settings', 'argument missing'],
    ['collectstatic', 'css', 'too many arguments'],
    ['collectstatic', '--clear=some', "argument 'some' is invalid. The only value is 'all'."],
    ['collectstatic', '--max-delete 5', "option '--max-delete' requires --prune or --clear"],
    ['findstatic', '--first --why a', "option '--first' cannot be used with option '--why'"],
    ['staticfiles', 'cache --max-age 0', "option '--max-age' requires --prune"],
    ['staticfiles', 'cache --max-size 0', "option '--max-size' requires --prune"],
    ['staticfiles', 'serve --show-indexes', "option '--show-indexes' requires --dev"],
    ['staticfiles', 'serve --insecure', "option '--insecure' requires --dev"],
    ['findstatic', '--first', "missing required argument 'names'"],
    ['staticfiles', '', 'Usage: staticfiles'],
    ['staticfiles', 'collectsatic', '(Did you mean collectstatic?)'],
    ['staticfiles', 'collectstatic -x', "unknown option '-x'"],
  ])('%s %s exits with 2', (program, args, message) => {
    const terminal = fakeTerminal();
    expect(parseArguments(program, args.split(' ').filter(Boolean), terminal)).toEqual({ exitCode: 2 });
    expect(terminal.stderr.text).toContain(message);
    expect(terminal.stdout.text).toBe('');
  });
});

describe('help and version', () => {
  it.each<ProgramName>(['collectstatic', 'findstatic', 'staticfiles'])('%s --version', (program) => {
    const terminal = fakeTerminal();
    expect(parseArguments(program, ['--version'], terminal)).toEqual({ exitCode: 0 });
    const { version } = JSON.parse(fs.readFileSync('package.json', 'utf8'));
    expect(terminal.stdout.text).toBe(`${version}\n`);
  });

  it.each<[ProgramName, string]>([
    ['collectstatic', '--help'],
    ['findstatic', '-h'],
    ['staticfiles', 'help collectstatic'],
    ['staticfiles', 'findstatic --help'],
  ])('%s %s shows examples', (program, args) => {
    const terminal = fakeTerminal();
    expect(parseArguments(program, args.split(' '), terminal)).toEqual({ exitCode: 0 });
    expect(terminal.stdout.text).toMatch(/^Usage: /);
    expect(terminal.stdout.text).toMatch(/\nExamples:\n {2}\$ /);
  });
});
