import { describe, expect, it } from 'vitest';
import type { Verbosity } from '../../../src/cli/reporter.js';
import {
  computedNamesText,
  conflictLine,
  djangoSummary,
  planLine,
  summaryLine,
  warningsText,
  watchedText,
} from '../../../src/cli/texts/collect.js';
import { originalOutput } from '../../../src/model/output.js';
import type { CollectCounts } from '../../../src/pipeline/result.js';
import { publishedBy } from '../../../src/pipeline/result.js';
import type { FileChange } from '../../../src/pipeline/session.js';
import {
  collectReport,
  conflict,
  copied,
  deleted,
  dirsRoot,
  fingerprinted,
  kept,
  linked,
  noCounts,
} from '../examples.js';

describe('djangoSummary', () => {
  it.each<[counts: Partial<CollectCounts>, link: boolean, destination: string, text: string]>([
    [{}, false, '/out', "0 static files copied to '/out'."],
    [{}, true, '/out', "0 static files symlinked to '/out'."],
    [{ copied: 1 }, false, '/out', "1 static file copied to '/out'."],
    [{ copied: 2 }, false, '', '2 static files copied.'],
    [{ linked: 1 }, true, '/out', "1 static file symlinked to '/out'."],
    [{ linked: 2, copied: 1 }, true, '/out', "2 static files symlinked, 1 static file copied to '/out'."],
    [{ reheadered: 2 }, false, 's3://b/', "0 static files copied to 's3://b/', 2 given other headers."],
    [{ unmodified: 3 }, false, '/out', "0 static files copied to '/out', 3 unmodified."],
    [{ deleted: 1, copied: 1 }, false, '/out', "1 static file deleted, 1 static file copied to '/out'."],
    [
      { deleted: 2, copied: 3, unmodified: 4, postProcessed: 5, conflicts: 6 },
      false,
      '/out',
      "2 static files deleted, 3 static files copied to '/out', 4 unmodified, 5 post-processed, " +
        '6 skipped due to conflict.',
    ],
  ])('%j, link %s, to %s', (counts, link, destination, text) => {
    const at = destination === '' ? {} : { folder: destination };
    expect(djangoSummary({ dryRun: false, counts: { ...noCounts, ...counts }, ...at }, link)).toBe(text);
  });

  it('says what a dry run would do', () => {
    const counts = { ...noCounts, copied: 3, deleted: 1, unmodified: 4, postProcessed: 5 };
    expect(djangoSummary({ dryRun: true, counts, folder: '/out' })).toBe(
      "1 static file would be deleted, 3 static files would be copied to '/out', 4 unmodified, 5 would be post-processed.",
    );
  });
});

describe('summaryLine', () => {
  const content = (size: number) => ({ hash: '', size, integrity: '' });
  const entry = (publicPath: string, size: number, more: object = {}) => ({
    ...copied,
    publicPath,
    output: { ...copied.output!, publicPath, content: content(size), ...more },
  });
  const plan = [
    entry('a.css', 30_000_000),
    entry('a.1.css', 18_000_000),
    entry('a.1.css.br', 12_000_000, { variantOf: 'a.1.css' }),
    entry('a.1.css.gz', 14_000_000, { variantOf: 'a.1.css' }),
  ];
  const milliseconds = { find: 100, 'post-process': 200, plan: 50, publish: 50 };

  it('counts static files, and says separately how much is published', () => {
    const counts = { ...noCounts, files: 12_000, copied: 14, unmodified: 11_986, conflicts: 2 };
    expect(summaryLine({ ...collectReport({ counts, milliseconds }), published: publishedBy(plan) })).toBe(
      '12,000 static files: 14 copied, 11,986 unmodified, 2 skipped due to conflict · 2 published (48 MB, 12 MB brotli) in 0.4 s',
    );
  });

  it('says what a dry run would do', () => {
    const counts = { ...noCounts, files: 1, copied: 1, deleted: 3 };
    const report = collectReport({ dryRun: true, counts, milliseconds });
    expect(summaryLine({ ...report, published: publishedBy(plan.slice(0, 1)) })).toBe(
      '1 static file: 1 would be copied, 3 would be deleted · 1 would be published (30 MB) in 0.4 s',
    );
  });

  it('says where it looked if there is no static file', () => {
    const empty = { ...collectReport(), published: publishedBy([]) };
    expect(summaryLine(empty, ['/project/static', '/project/apps/blog/static'])).toBe(
      '0 static files · 0 published (0 B) in 0.0 s\nLooked in:\n  /project/static\n  /project/apps/blog/static',
    );
    expect(summaryLine(empty)).toContain('\nNo folder is searched. Make a folder');
  });
});

const entries = { copied, linked, kept, deleted, fingerprinted };

describe('planLine', () => {
  it.each<[entry: keyof typeof entries, dryRun: boolean, verbosity: Verbosity, line: string | undefined]>([
    ['copied', false, 1, undefined],
    ['copied', false, 2, "Copying '/project/assets/a.css'"],
    ['copied', false, 3, "Copying '/project/assets/a.css' (new)"],
    ['copied', true, 0, undefined],
    ['copied', true, 1, "Would copy '/project/assets/a.css'"],
    ['copied', true, 3, "Would copy '/project/assets/a.css' (new)"],
    ['linked', false, 2, "Linking '/project/assets/a.css'"],
    ['linked', true, 1, "Would link '/project/assets/a.css'"],
    ['linked', false, 3, "Linking '/project/assets/a.css' (file became link)"],
    ['deleted', false, 1, undefined],
    ['deleted', false, 2, "Deleting 'old/x.txt'"],
    ['deleted', true, 1, "Would delete 'old/x.txt'"],
    ['kept', true, 1, undefined],
    ['kept', true, 2, "Skipping 'a.css' (not modified)"],
    ['kept', false, 2, "Skipping 'a.css' (not modified)"],
    ['kept', false, 3, "Skipping 'a.css' (not modified)"],
    ['fingerprinted', false, 2, "Post-processed 'a.css' as 'a.27e20196a850.css'"],
    ['fingerprinted', true, 1, "Would post-process 'a.css' as 'a.27e20196a850.css'"],
    ['fingerprinted', false, 3, "Post-processed 'a.css' as 'a.27e20196a850.css' (changed)"],
  ])('%s, dry run %s, -v %d', (entry, dryRun, verbosity, line) => {
    expect(planLine(entries[entry], { dryRun, verbosity })).toBe(line);
  });

  it('prints a name with a newline on one line', () => {
    const source = { logicalPath: 'a\nb\u009b', sourcePath: '/assets/a\nb\u009b', root: dirsRoot };
    const entry = { ...copied, publicPath: source.logicalPath, output: originalOutput(source) };
    expect(planLine(entry, { dryRun: false, verbosity: 2 })).toBe(String.raw`Copying '/assets/a\nb\u009b'`);
  });
});

const LINE =
  "Found another file with the destination path 'css/app.css'. " +
  'It will be ignored since only the first encountered file is collected: ' +
  "'/project/assets/css/app.css' from staticfilesDirs[0] wins over " +
  "'/project/apps/blog/static/css/app.css' from installedApps[0]; ";

describe('conflictLine', () => {
  it('says that the bytes differ', () => {
    expect(conflictLine(conflict(() => false))).toBe(`${LINE}their bytes differ.`);
  });

  it('says that the bytes are the same', () => {
    expect(conflictLine(conflict(() => true))).toBe(`${LINE}their bytes are the same.`);
  });

  it('says that a file that is gone could not be compared', () => {
    const vanished = () => {
      throw new Error('ENOENT');
    };
    expect(conflictLine(conflict(vanished))).toContain('could not be compared');
  });
});

describe('watchedText', () => {
  it('names at most five files', () => {
    const changes = new Map<string, FileChange>(Array.from({ length: 7 }, (_, i) => [`${i}.js`, 'changed']));
    expect(watchedText({ report: collectReport(), changes, milliseconds: 12.3 })).toBe(
      '0.js changed, 1.js changed, 2.js changed, 3.js changed, 4.js changed and 2 more: 0 files published in 12 ms.',
    );
  });
});

describe('computedNamesText', () => {
  const url = (file: string, ...files: string[]) => ({ file, pattern: 'p/*.js', files });

  it('counts each file once, and names at most five URLs', () => {
    const names = Array.from({ length: 7 }, (_, i) => url(`${i}.js`, 'p/a.js', 'p/b.js'));
    expect(computedNamesText(names)).toBe(
      "2 files keep their names, since computed URLs can name them: 'p/*.js' in '0.js', 'p/*.js' in '1.js', " +
        "'p/*.js' in '2.js', 'p/*.js' in '3.js', 'p/*.js' in '4.js' and 2 more.",
    );
    expect(computedNamesText([url('a.js', 'p/a.js')])).toBe(
      "1 file keeps its name, since computed URLs can name it: 'p/*.js' in 'a.js'.",
    );
  });

  it('is not there without such files', () => {
    expect(computedNamesText([])).toBeUndefined();
  });
});

describe('warningsText', () => {
  it('has one line for each warning', () => {
    expect(
      warningsText([
        { code: 'special-file', message: "'/a/pipe' is skipped." },
        { code: 'W004', message: "staticfilesDirs[0]: the folder '/a' does not exist. (staticfiles.W004)" },
      ]),
    ).toBe(
      "Warning: '/a/pipe' is skipped.\n" +
        "Warning: staticfilesDirs[0]: the folder '/a' does not exist. (staticfiles.W004)\n",
    );
  });

  it('is empty without warnings', () => {
    expect(warningsText([])).toBe('');
  });
});
