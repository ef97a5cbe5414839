import { describe, expect, it } from 'vitest';
import { matchesText, noMatchText, searchedText } from '../../../src/cli/texts/find.js';
import type { FindResult, Match } from '../../../src/findstatic.js';
import { appRoot, dirsRoot } from '../examples.js';

const winner: Match = {
  sourcePath: '/project/assets/a.css',
  finder: 'file-system',
  root: dirsRoot,
  directory: false,
};
const shadowed: Match = {
  sourcePath: '/project/apps/blog/static/a.css',
  finder: 'app-directories',
  root: appRoot,
  directory: false,
  sameBytes: false,
};
const none: FindResult = { name: 'a.css', logicalPath: 'a.css', matches: [], nearest: [] };
const found: FindResult = { ...none, matches: [winner, shadowed, { ...shadowed, sameBytes: true }] };

describe('matchesText', () => {
  it('is only the paths at -v 0', () => {
    expect(matchesText({ ...none, matches: [winner, shadowed] }, 0)).toBe(
      '/project/assets/a.css\n/project/apps/blog/static/a.css',
    );
  });

  it("is the same as Django's at -v 1", () => {
    expect(matchesText({ ...none, matches: [winner, shadowed] }, 1)).toBe(
      "Found 'a.css' here:\n  /project/assets/a.css\n  /project/apps/blog/static/a.css",
    );
  });

  it('says at -v 2 where each comes from, and which wins', () => {
    expect(matchesText(found, 2)).toBe(
      [
        "Found 'a.css' here:",
        '  /project/assets/a.css (file-system, staticfilesDirs[0]: wins)',
        '  /project/apps/blog/static/a.css (app-directories, installedApps[0]: shadowed, different bytes)',
        '  /project/apps/blog/static/a.css (app-directories, installedApps[0]: shadowed, same bytes)',
      ].join('\n'),
    );
  });

  it('does not say that a folder wins', () => {
    const folders = { ...none, matches: [{ ...winner, directory: true }] };
    expect(matchesText(folders, 2)).toContain('(file-system, staticfilesDirs[0]: directory)');
  });
});

describe('noMatchText', () => {
  it('says that there is no match', () => {
    expect(noMatchText(none)).toBe("No matching file found for 'a.css'.");
  });

  it('says which pattern hides the file', () => {
    expect(noMatchText({ ...none, hidden: { sourcePath: '/project/assets/a.css', pattern: '*.css' } })).toBe(
      "No matching file found for 'a.css'.\n  '/project/assets/a.css' is hidden by the ignore pattern '*.css'.",
    );
  });

  it('suggests the nearest names', () => {
    expect(noMatchText({ ...none, nearest: ['b.css', 'c.css'] })).toBe(
      "No matching file found for 'a.css'.\n  Did you mean 'b.css', 'c.css'?",
    );
  });
});

it('searchedText lists the folders', () => {
  expect(
    searchedText([
      { ...dirsRoot, finder: 'file-system' },
      { ...appRoot, finder: 'app-directories' },
    ]),
  ).toBe('Looking in the following locations:\n  /project/assets\n  /project/apps/blog/static');
});
