import { describe, expect, it } from 'vitest';
import type { Verbosity } from '../../../src/cli/reporter.js';
import { createHumanReporter, type HumanReporterOptions } from '../../../src/cli/reporters/human.js';
import { colorsFor } from '../../../src/cli/terminal.js';
import { StaticFilesError } from '../../../src/errors.js';
import type { Warning } from '../../../src/model/static-file.js';
import type { Plan } from '../../../src/pipeline/plan.js';
import { collectReport, conflict, copied, deleted, dirsRoot, kept, noCounts } from '../examples.js';
import { Recorder } from '../fake-terminal.js';

const plan: Plan = [copied, kept, deleted];

const warning = { code: 'special-file', message: "'/a/pipe' is skipped." };

const finished = collectReport({
  counts: { ...noCounts, files: 1, copied: 1, conflicts: 1 },
  conflicts: [conflict(() => true)],
  warnings: [warning],
});

const SUMMARY = '1 static file: 1 copied, 1 skipped due to conflict · 0 published (0 B) in 0.0 s';

function reporterAt(verbosity: Verbosity, over: Partial<HumanReporterOptions> = {}) {
  const stdout = new Recorder();
  const stderr = new Recorder();
  const erased: string[] = [];
  const reporter = createHumanReporter({
    stdout,
    stderr,
    colors: colorsFor(stderr, {}),
    progress: { update() {}, erase: () => erased.push('erased') },
    verbosity,
    cwd: () => '/project',
    ...over,
  });
  return { reporter, stdout, stderr, erased };
}

describe('watching', () => {
  it('repeats a warning only after a run without it', () => {
    const { reporter, stderr } = reporterAt(1);
    const runWith = (...warnings: Warning[]) =>
      reporter.collectedAgain({ report: collectReport({ warnings }), changes: new Map(), milliseconds: 1 });
    const other = { code: 'other', message: 'It stays.' };
    reporter.warned([other]);
    reporter.collected(collectReport({ warnings: [other, warning] }));
    for (const warnings of [[other, warning], [other], [other, warning]]) runWith(...warnings);
    expect(stderr.text.match(/It stays/g)).toHaveLength(1);
    expect(stderr.text.match(/is skipped/g)).toHaveLength(2);
  });
});

describe('collectstatic', () => {
  it('prints nothing at -v 0', () => {
    const { reporter, stdout, stderr } = reporterAt(0);
    reporter.warned([warning]);
    reporter.planned(plan, { dryRun: true });
    reporter.collected(finished);
    expect(stdout.text + stderr.text).toBe('');
  });

  it('prints the summary after a blank line at -v 1', () => {
    const { reporter, stdout, stderr } = reporterAt(1);
    reporter.planned(plan, {});
    reporter.collected(finished);
    expect(stdout.text).toBe(`\n${SUMMARY}\n`);
    expect(stderr.text).toBe("Warning: '/a/pipe' is skipped.\n");
  });

  it("prints Django's sentence on demand", () => {
    const { reporter, stdout } = reporterAt(1);
    reporter.collected(finished, { summary: 'django' });
    expect(stdout.text).toBe("\n1 static file copied to '/project/out', 1 skipped due to conflict.\n");
  });

  it('prints each file in the order of the plan, then the conflicts, at -v 2', () => {
    const { reporter, stdout } = reporterAt(2);
    reporter.planned(plan, {});
    reporter.collected(finished);
    expect(stdout.text.split('\n')).toEqual([
      "Copying '/project/assets/a.css'",
      "Skipping 'a.css' (not modified)",
      "Deleting 'old/x.txt'",
      expect.stringContaining("destination path 'css/app.css'"),
      '',
      SUMMARY,
      '',
    ]);
  });

  it('says what a dry run would do', () => {
    const { reporter, stdout } = reporterAt(1);
    reporter.planned(plan, { dryRun: true });
    expect(stdout.text).toBe("Would copy '/project/assets/a.css'\nWould delete 'old/x.txt'\n");
  });

  it('prints a warning once', () => {
    const { reporter, stderr } = reporterAt(1);
    reporter.warned([warning]);
    reporter.collected(finished);
    expect(stderr.text).toBe("Warning: '/a/pipe' is skipped.\n");
  });

  it('erases the progress line before it prints, and at the end', () => {
    const { reporter, erased } = reporterAt(1);
    reporter.warned([warning]);
    expect(erased).toHaveLength(1);
    reporter.failed(new StaticFilesError('target', 'Full.'));
    expect(erased).toHaveLength(2);
  });
});

describe('findstatic', () => {
  const match = {
    sourcePath: '/project/assets/a.css',
    finder: 'file-system',
    root: dirsRoot,
    directory: false,
  };
  const report = {
    results: [
      { name: 'a.css', logicalPath: 'a.css', matches: [match], nearest: [] },
      { name: 'b.css', logicalPath: 'b.css', matches: [], nearest: [] },
    ],
    searched: [{ ...dirsRoot, finder: 'file-system' }],
    why: false,
  };

  it('prints matches to standard output, and names without a match to standard error', () => {
    const { reporter, stdout, stderr } = reporterAt(1);
    reporter.found(report);
    expect(stdout.text).toBe("Found 'a.css' here:\n  /project/assets/a.css\n");
    expect(stderr.text).toBe("No matching file found for 'b.css'.\n");
  });

  it('prints nothing for a name without a match at -v 0', () => {
    const { reporter, stdout, stderr } = reporterAt(0);
    reporter.found(report);
    expect(stdout.text).toBe('/project/assets/a.css\n');
    expect(stderr.text).toBe('');
  });

  it('names the searched folders at -v 2', () => {
    const { reporter, stdout, stderr } = reporterAt(2);
    reporter.found(report);
    const searched = 'Looking in the following locations:\n  /project/assets\n';
    expect(stdout.text.endsWith(`: wins)\n${searched}`)).toBe(true);
    expect(stderr.text).toBe(`No matching file found for 'b.css'.\n\n${searched}`);
  });
});

describe('failed', () => {
  it('prints an expected error even at -v 0', () => {
    const { reporter, stdout, stderr } = reporterAt(0);
    reporter.failed(new StaticFilesError('target', 'The disk is full.'));
    expect(stderr.text).toBe('The disk is full.\n');
    expect(stdout.text).toBe('');
  });

  it('shows positions relative to the current folder if they are below it', () => {
    const { reporter, stderr } = reporterAt(1);
    reporter.failed(
      new StaticFilesError(
        'source',
        "/project/static/a.css:2:25: 'b.png' not found.\n/other/a.css:1:7: 'c.png' not found.",
      ),
    );
    reporter.brokenReference("/project/static/a.css:2:25: 'b.png' not found.");
    expect(stderr.text.split('\n')).toEqual([
      "static/a.css:2:25: 'b.png' not found.",
      "/other/a.css:1:7: 'c.png' not found.",
      "Warning: static/a.css:2:25: 'b.png' not found.",
      '',
    ]);
  });

  it('is red on a terminal', () => {
    const stderr = new Recorder({ isTTY: true });
    const { reporter } = reporterAt(1, { stderr, colors: colorsFor(stderr, {}) });
    reporter.failed(new StaticFilesError('target', 'The disk is full.'));
    expect(stderr.text).toBe('\u001b[31mThe disk is full.\u001b[39m\n');
  });
});
