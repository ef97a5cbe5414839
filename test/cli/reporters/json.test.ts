import { describe, expect, it } from 'vitest';
import { createJsonReporter } from '../../../src/cli/reporters/json.js';
import { StaticFilesError } from '../../../src/errors.js';
import { collectReport, conflict, copied, deleted, dirsRoot } from '../examples.js';
import { fakeTerminal } from '../fake-terminal.js';

const early = { code: 'W004', message: "The directory '/a' does not exist." };

const late = { code: 'special-file', message: "'/a/pipe' is skipped." };

describe('collectstatic', () => {
  it('is one document', () => {
    const terminal = fakeTerminal();
    const reporter = createJsonReporter('collectstatic', terminal);
    const report = collectReport({
      dryRun: true,
      plan: [copied, deleted],
      conflicts: [conflict(() => false)],
      warnings: [early, late],
    });
    reporter.warned([early]);
    reporter.planned(report.plan, {});
    reporter.progressed('publish', 1, 2);
    reporter.collected(report);
    expect(JSON.parse(terminal.stdout.text)).toEqual({
      command: 'collectstatic',
      dryRun: true,
      folder: '/project/out',
      displayUrl: null,
      counts: report.counts,
      published: { files: 1, size: 0, variants: {} },
      files: [
        { action: 'copy', path: 'a.css', reason: 'new', source: '/project/assets/a.css' },
        { action: 'delete', path: 'old/x.txt', reason: 'not collected', source: null },
      ],
      conflicts: [
        {
          path: 'css/app.css',
          winner: '/project/assets/css/app.css',
          shadowed: '/project/apps/blog/static/css/app.css',
          sameBytes: false,
        },
      ],
      warnings: [early, late],
      references: null,
      milliseconds: report.milliseconds,
    });
    expect(terminal.stderr.text).toBe('');
  });

  it('has no folder if the destination is not a local one', () => {
    const terminal = fakeTerminal();
    const { folder: _, ...remote } = collectReport();
    createJsonReporter('collectstatic', terminal).collected(remote);
    expect(JSON.parse(terminal.stdout.text)).toHaveProperty('folder', null);
  });
});

it('findstatic is one document', () => {
  const terminal = fakeTerminal();
  const match = {
    sourcePath: '/project/assets/a.css',
    finder: 'file-system',
    root: dirsRoot,
    directory: false,
  };
  createJsonReporter('findstatic', terminal).found({
    results: [
      {
        name: '/static/a.css',
        logicalPath: 'a.css',
        matches: [match, { ...match, sameBytes: true }],
        nearest: [],
      },
      {
        name: 'b.css',
        logicalPath: 'b.css',
        matches: [],
        hidden: { sourcePath: '/project/assets/b.css', pattern: 'b*' },
        nearest: ['a.css'],
      },
    ],
    searched: [{ ...dirsRoot, finder: 'file-system' }],
    why: false,
  });
  const source = { source: '/project/assets/a.css', directory: false, finder: 'file-system' };
  const setting = 'staticfilesDirs[0]';
  expect(JSON.parse(terminal.stdout.text)).toEqual({
    command: 'findstatic',
    results: [
      {
        name: '/static/a.css',
        path: 'a.css',
        matches: [
          { ...source, setting, sameBytes: null },
          { ...source, setting, sameBytes: true },
        ],
        hidden: null,
        nearest: [],
      },
      {
        name: 'b.css',
        path: 'b.css',
        matches: [],
        hidden: { source: '/project/assets/b.css', pattern: 'b*' },
        nearest: ['a.css'],
      },
    ],
    searched: [{ dir: '/project/assets', prefix: '', finder: 'file-system', setting }],
    warnings: [],
  });
});

describe('watching', () => {
  it('repeats a warning only after a run without it', () => {
    const terminal = fakeTerminal();
    const reporter = createJsonReporter('collectstatic', terminal);
    reporter.warned([early]);
    for (const warnings of [[early, late], [early], [early, late]]) {
      reporter.collectedAgain({ report: collectReport({ warnings }), changes: new Map(), milliseconds: 1 });
    }
    const lines = terminal.stdout.text.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).warnings)).toEqual([[late], [], [late]]);
  });
});

describe('failed', () => {
  it('is one document', () => {
    const terminal = fakeTerminal();
    const reporter = createJsonReporter('collectstatic', terminal);
    reporter.warned([early]);
    reporter.failed(new StaticFilesError('target', 'The disk is full.'));
    expect(JSON.parse(terminal.stdout.text)).toEqual({
      command: 'collectstatic',
      error: { code: 'target', message: 'The disk is full.' },
      warnings: [early],
    });
    expect(terminal.stderr.text).toBe('');
  });

  it('prints the stack of a defect to standard error', () => {
    const terminal = fakeTerminal();
    createJsonReporter('findstatic', terminal).failed(new TypeError('x is not a function'));
    expect(JSON.parse(terminal.stdout.text)).toMatchObject({
      error: { code: 'unexpected', message: 'x is not a function' },
    });
    expect(terminal.stderr.text).toMatch(/^Unexpected error\..*\nTypeError/);
  });
});
