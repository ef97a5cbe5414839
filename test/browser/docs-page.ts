import { PACKAGES } from './packages.js';
import { type App, MODES, type Mode, type PackagePage, type PackageSettings } from './page.js';

const HEAD = `# npm packages in the browser

<!-- Generated from test/browser/. To change it, edit packages.ts or docs-page.ts there and run \`npm run generate\`. -->

Which npm packages work in a browser after \`fingerprint\` has renamed their files, and the settings that some of them need.
Read it if a package works from plain files, and published it does not.
`;

const TESTED = `Each row is a page in \`test/browser/packages.ts\`. \`npm run test:browser\` opens it in Chromium from plain files, published with the
defaults of \`fingerprint\`, and with \`originals: false\`. The package does the same each time: no new failed request, no new error in the
console, and no script under two names. Each setting is also left out once, and the page is broken then.
`;

const REASONS = `## Why some packages need settings

\`fingerprint\` rewrites the names that are written in a file. Some packages compute names in the browser, or look for them:

| a script that | with the defaults | with \`originals: false\` |
| --- | --- | --- |
| computes the names of modules or images, in a way that \`fingerprint\` [can read](references.md#computed-urls) | gets the files, which keep their names | the same |
| computes the names of other files | gets the files under their plain names | gets 404 |
| finds its folder by its own file name | does not recognise its fingerprinted name, and looks in the wrong folder | the same |

- \`exclude\` keeps the names of the files that match. References in them are still rewritten.
- \`prehashed\` keeps their names and their bytes. Use it for folders with the version in their name, as for [TinyMCE](#tinymce).

## If your package is not listed

1. Publish it, open a page that uses it, and look for failed requests in the developer tools of the browser.
2. If a request names a file of the package in the right folder, add that file to \`exclude\`.
3. If the folder is wrong, add the script that makes the request to \`exclude\`.
4. If that gets long, exclude the whole package: \`"exclude": ["ckeditor/**"]\`.

## Settings
`;

/** Returns docs/packages.md. */
export function packagesPage(): string {
  const pages = Object.values(PACKAGES).sort((one, other) => one.name.localeCompare(other.name, 'en'));
  const sections = pages.filter(({ needs }) => needs).map(section);
  return [HEAD, table(pages), TESTED, REASONS, sections.join('\n')].join('\n');
}

function table(pages: readonly PackagePage[]): string {
  const rows = pages.map((page) => {
    const [first] = Object.entries(page.versions);
    const cells = [page.name, first!.join('@'), ...MODES.map((mode) => modeCell(page, mode))];
    return `| ${cells.join(' | ')} |\n`;
  });
  return `| package | tested | with the defaults | with \`originals: false\` |\n| --- | --- | --- | --- |\n${rows.join('')}`;
}

function modeCell({ name, needs }: PackagePage, mode: Mode): string {
  if (needs?.[mode] === undefined) return 'works';
  const anchor = name
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
  return `works with [settings](#${anchor})`;
}

function section({ name, apps, needs }: PackagePage): string {
  const { why, default: always, 'originals: false': alone } = needs!;
  const isSame = JSON.stringify(always) === JSON.stringify(alone);
  const blocks = [
    ...(always ? [block(isSame ? '' : 'With the defaults:', apps, always)] : []),
    ...(alone && !isSame ? [block('With `originals: false`:', apps, { originals: false, ...alone })] : []),
  ];
  return `### ${name}\n\n${why}\n\n${blocks.join('\n')}`;
}

function block(when: string, apps: readonly App[], options: PackageSettings & { originals?: false }): string {
  const installed = apps.map((app) => `    ${inline(app)}`).join(',\n');
  const settings = `{\n  "installedApps": [\n${installed}\n  ],\n  "postProcess": [["fingerprint", ${inline(options)}]]\n}`;
  return `${when && `${when}\n\n`}\`\`\`json\n${settings}\n\`\`\`\n`;
}

/** JSON in one line, with spaces. */
function inline(value: unknown): string {
  return JSON.stringify(value, null, 1)
    .replace(/\[\n\s*/g, '[')
    .replace(/\n\s*\]/g, ']')
    .replace(/\s*\n\s*/g, ' ');
}
