import { randomBytes } from 'node:crypto';
import type { CaseBody } from '../case.js';
import { expectFiles, expectTexts } from '../expectations.js';
import { fileBody, output, publishAll, rewrittenBody, textOutput } from '../publishing.js';

const UTF8 = 'Grüße, 世界, 🦊, \u0000 and a line\r\n';

/** Names with characters that are special in URLs, shells, XML and regular expressions. */
const ODD_NAMES = [
  'a b.txt',
  'a+b.txt',
  'a%20b.txt',
  'a%b.txt',
  '50%.txt',
  'größe.txt',
  'gro\u0308\u00dfe.txt',
  '世界/🦊.txt',
  'quote\'s "double".txt',
  '<a>&amp;.txt',
  'what?.txt',
  'what#this.txt',
  'a=b&c;d,e.txt',
  '(a)[b]{c}.txt',
  '$HOME `id` ~ !.txt',
  '*.txt',
  '^a|b.txt',
  '@a:b.txt',
  '-rf.txt',
  '.hidden',
  'no-extension',
  'constructor',
];

export const bodyCases: Readonly<Record<string, CaseBody>> = {
  async 'a text is read back as UTF-8'({ open }) {
    await publishAll(await open(), [textOutput('a.txt', UTF8)]);
    await expectTexts(await open(), { 'a.txt': UTF8 });
  },

  async 'an empty file is published'({ open, folder }) {
    const outputs = [textOutput('bytes.txt', ''), output('file.txt', fileBody(folder, 'empty', ''))];
    await publishAll(await open(), outputs);
    await expectFiles(await open(), { 'bytes.txt': '', 'file.txt': '' });
    await expectTexts(await open(), { 'bytes.txt': '', 'file.txt': '' });
  },

  async 'a binary file keeps its bytes'({ open, folder }) {
    const bytes = randomBytes(70_000);
    await publishAll(await open(), [output('img/a.png', fileBody(folder, 'a.png', bytes))]);
    await expectFiles(await open(), { 'img/a.png': bytes });
  },

  async 'a rewritten file has its inserted texts'({ open, folder }) {
    const insertions = [
      { offset: 10, text: '.27e20196a850' },
      { offset: 20, text: 'new', replaced: 3 },
    ];
    const body = rewrittenBody(folder, 'a.css', '@import "b.css"; /* old */', insertions);
    await publishAll(await open(), [output('a.css', body)]);
    const expected = '@import "b.27e20196a850.css"; /* new */';
    await expectFiles(await open(), { 'a.css': expected });
    await expectTexts(await open(), { 'a.css': expected });
  },

  async 'a large file is published whole'({ open, folder, largeSize }) {
    const bytes = randomBytes(largeSize);
    await publishAll(await open(), [output('film.mp4', fileBody(folder, 'film.mp4', bytes))]);
    await expectFiles(await open(), { 'film.mp4': bytes });
  },

  async 'a large rewritten file has its inserted texts'({ open, folder, largeSize }) {
    const source = 'a'.repeat(largeSize);
    const insertions = [
      { offset: 1, text: 'first' },
      { offset: largeSize, text: 'last' },
    ];
    await publishAll(await open(), [output('app.js', rewrittenBody(folder, 'app.js', source, insertions))]);
    await expectFiles(await open(), { 'app.js': `afirst${source.slice(1)}last` });
  },

  async 'names may have any characters'({ open }) {
    await publishAll(
      await open(),
      ODD_NAMES.map((name) => textOutput(`odd/${name}`, `text of ${name}`)),
    );
    const texts = Object.fromEntries(ODD_NAMES.map((name) => [`odd/${name}`, `text of ${name}`]));
    await expectFiles(await open(), texts);
    await expectTexts(await open(), texts);
  },

  async 'names that differ in letter case are two files'({ open }) {
    await publishAll(await open(), [textOutput('Logo.svg', 'upper'), textOutput('logo.svg', 'lower')]);
    await expectTexts(await open(), { 'Logo.svg': 'upper', 'logo.svg': 'lower', 'LOGO.svg': undefined });
  },
};
