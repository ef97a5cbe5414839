import { expect, it } from 'vitest';
import { parseListing, parseMd5s } from '../../../src/storages/rsync/listing.js';

function parse(...lines: string[]) {
  return parseListing(Buffer.from(`${lines.join('\n')}\n`));
}

it('reads paths and sizes', () => {
  expect(
    parse(
      'drwxr-xr-x        4096 2024/01/31 10:13:47 .',
      '-rw-r--r--          12 2024/01/31 10:13:47 a.css',
      'drwxr-xr-x        4096 2024/01/31 10:13:47 css',
      '-rw-r--r--   1,234,567 2024/01/31 10:13:47 css/app.css',
      '-rw-r--r--+ 98765432109 2024/01/31 10:13:47 css/film.mp4',
    ),
  ).toEqual([
    { publicPath: 'a.css', kind: 'file', size: 12 },
    { publicPath: 'css/app.css', kind: 'file', size: 1234567 },
    { publicPath: 'css/film.mp4', kind: 'file', size: 98765432109 },
  ]);
});

it('reads empty folders, links and other entries', () => {
  expect(
    parse(
      'drwxr-xr-x        4096 2024/01/31 10:13:47 a',
      'drwxr-xr-x        4096 2024/01/31 10:13:47 a/b',
      'lrwxrwxrwx           1 2024/01/31 10:13:47 link',
      'lrwxrwxrwx           1 2024/01/31 10:13:47 other -> a',
      'prw-r--r--           0 2024/01/31 10:13:47 pipe',
    ),
  ).toEqual([
    { publicPath: 'a/b', kind: 'directory', size: 4096 },
    { publicPath: 'link', kind: 'link', size: 1 },
    { publicPath: 'other', kind: 'link', size: 1 },
    { publicPath: 'pipe', kind: 'other', size: 0 },
  ]);
});

it.each([
  ['with spaces  in it ', 'with spaces  in it '],
  ['nl\\#012x', 'nl\nx'],
  ['\\#134#123', '\\#123'],
  ['back\\slash', 'back\\slash'],
  ['ümläut 🎉', 'ümläut 🎉'],
  ['-rf', '-rf'],
  ['2024/01/31 10:13:47 a', '2024/01/31 10:13:47 a'],
])('reads the name %j', (printed, publicPath) => {
  const line = `-rw-r--r--           1 2024/01/31 10:13:47 ${printed}`;
  expect(parse(line)).toEqual([{ publicPath, kind: 'file', size: 1 }]);
});

it('skips other output, and names that are not UTF-8', () => {
  const latin1 = Buffer.from('-rw-r--r--           1 2024/01/31 10:13:47 caf\xe9\n', 'latin1');
  expect(parseListing(latin1)).toEqual([]);
  expect(
    parse('receiving incremental file list', '', 'sent 20 bytes  received 61 bytes  162.00 bytes/sec'),
  ).toEqual([]);
});

it('fails if the line of a file has another form', () => {
  expect(() => parse('-rw-r--r-- 1 user group 12 Jan 31 10:13 a.css')).toThrow(
    "rsync's listing has the line '-rw-r--r-- 1 user group 12 Jan 31 10:13 a.css', which cannot be read",
  );
});

it.each([
  ['.~tmp~/app.css', 'app.css'],
  ['css/.~tmp~/app.css', 'css/app.css'],
  ['css/.app.css.Xy12Ab', 'css/app.css'],
  ['..staticfiles-index.json.000000', '.staticfiles-index.json'],
])('recognizes what a killed rsync has left: %s', (publicPath, unfinished) => {
  const line = `-rw-------           1 2024/01/31 10:13:47 ${publicPath}`;
  expect(parse(line)).toEqual([{ publicPath, kind: 'file', size: 1, unfinished }]);
});

it.each([
  '-rw-r--r--           1 2024/01/31 10:13:47 .app.css.Xy12Ab',
  '-rw-------           1 2024/01/31 10:13:47 .app.css.Xy12',
])('takes other names for files: %s', (line) => {
  expect(parse(line)[0]).not.toHaveProperty('unfinished');
});

it('reads checksums', () => {
  const output = [
    'receiving incremental file list',
    'skipping non-regular file "link"',
    '                                 css/',
    '900150983cd24fb0d6963f7d28e17f72 css/app.css',
    '9dd4e461268c8034f5c8564e155c67a6 n\\#012l',
    '',
  ].join('\n');
  expect([...parseMd5s(Buffer.from(output))]).toEqual([
    ['css/app.css', '900150983cd24fb0d6963f7d28e17f72'],
    ['n\nl', '9dd4e461268c8034f5c8564e155c67a6'],
  ]);
});
