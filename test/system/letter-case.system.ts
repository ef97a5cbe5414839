import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collect } from '../support/command.js';
import { planOf } from '../support/plan.js';
import { newProject } from '../support/project.js';
import { writeTree } from '../support/tree.js';
import { debianPackage, must } from './install.js';

/** A file system in an image, at a folder, that ignores letter case. Needs the superuser. */
interface Mounted {
  readonly folder: string;
  unmount(): void;
}

const SYSTEMS: readonly [string, (top: string) => Mounted, { readonly keepsCase: boolean }][] = [
  ['NTFS-3G with ignore_case, which lists names in lower case', mountNtfs, { keepsCase: false }],
  ['exFAT', mountExfat, { keepsCase: true }],
];

function mountNtfs(top: string): Mounted {
  debianPackage('ntfs-3g');
  const { image, folder } = newImage(top);
  must('mkntfs', ['--force', '--fast', '--quiet', image]);
  must('lowntfs-3g', ['-o', 'ignore_case', image, folder]);
  return { folder, unmount: () => void must('umount', [folder]) };
}

function mountExfat(top: string): Mounted {
  debianPackage('exfat-fuse');
  debianPackage('exfatprogs');
  const { image, folder } = newImage(top);
  must('mkfs.exfat', [image]);
  const device = must('losetup', ['--find', '--show', image]).trim();
  must('mount.exfat-fuse', [device, folder]);
  const unmount = () => {
    must('umount', [folder]);
    must('losetup', ['--detach', device]);
  };
  return { folder, unmount };
}

function newImage(top: string): { readonly image: string; readonly folder: string } {
  const [image, folder] = [path.join(top, 'image'), path.join(top, 'mounted')];
  fs.writeFileSync(image, '');
  fs.truncateSync(image, 64 * 1024 * 1024);
  fs.mkdirSync(folder);
  return { image, folder };
}

describe.each(SYSTEMS)('%s', (_, mount, { keepsCase }) => {
  const top = fs.mkdtempSync(path.join(os.tmpdir(), 'staticfiles-letter-case-'));
  const shown = (name: string) => (keepsCase ? name : name.toLowerCase());
  let mounted: Mounted;
  beforeAll(() => {
    mounted = mount(top);
  });
  afterAll(() => {
    mounted.unmount();
    fs.rmSync(top, { recursive: true });
  });

  /** A project whose destination is on it. */
  function projectWith(tree: Record<string, string>, name: string, settings: object = {}) {
    const destination = path.join(mounted.folder, name);
    const project = newProject(
      Object.fromEntries(Object.entries(tree).map(([file, text]) => [`static/${file}`, text])),
      {
        staticRoot: destination,
        storages: { staticfiles: { options: { filePermissions: null } } }, // both mounts have one mode for all files
        ...settings,
      },
    );
    const published = () =>
      fs
        .readdirSync(destination, { recursive: true, encoding: 'utf8' })
        .filter((file) => !file.startsWith('.') && fs.statSync(path.join(destination, file)).isFile())
        .sort();
    return { project, destination, published };
  }

  test('--clear keeps a file that was renamed in letter case, and the next run changes nothing', async () => {
    const { project, destination, published } = projectWith({ 'a.js': 'text', 'old.js': 'old' }, 'renamed');
    expect(await collect(project)).toMatchObject({ exit: 0 });
    fs.renameSync(project.path('static/a.js'), project.path('static/A.js'));
    fs.rmSync(project.path('static/old.js'));
    expect(await collect(project, ['--clear'])).toMatchObject({ exit: 0, stderr: '' });
    expect(published()).toEqual([shown('A.js')]);
    expect(fs.readFileSync(path.join(destination, 'A.js'), 'utf8')).toBe('text');
    for (const argv of [['--dry-run'], []])
      expect(planOf(await collect(project, ['--json', ...argv]))).toEqual(['keep A.js (unchanged)']);
  });

  test('with fingerprints, all that the manifest names is there after --clear', async () => {
    const settings = { postProcess: ['fingerprint', 'compress'] };
    const code = `${'let a;\n'.repeat(500)}`;
    const { project, destination } = projectWith({ 'Lib/a.js': code }, 'fingerprinted', settings);
    expect(await collect(project)).toMatchObject({ exit: 0 });
    fs.renameSync(project.path('static/Lib'), project.path('static/lib'));
    fs.renameSync(project.path('static/lib/a.js'), project.path('static/lib/A.js'));
    expect(await collect(project, ['--clear'])).toMatchObject({ exit: 0, stderr: '' });
    const read = (name: string) => JSON.parse(fs.readFileSync(path.join(destination, name), 'utf8'));
    const named = [
      ...Object.entries<string>(read('staticfiles.json').paths).flat(),
      ...Object.keys(read('staticfiles.details.json').files),
    ];
    expect(named).toContain('lib/A.js');
    for (const name of named) expect(fs.existsSync(path.join(destination, name)), name).toBe(true);
  });

  test('a folder is renamed in letter case, with what others have in it', async () => {
    const { project, destination, published } = projectWith(
      { 'img/a.png': 'a', 'img/b/c.png': 'c' },
      'folders',
    );
    expect(await collect(project)).toMatchObject({ exit: 0 });
    fs.writeFileSync(path.join(destination, 'img/theirs.txt'), 'theirs');
    fs.renameSync(project.path('static/img'), project.path('static/Img'));
    expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
    expect(published()).toEqual(['Img/a.png', 'Img/b/c.png', 'Img/theirs.txt'].map(shown));
  });

  test.each([
    [{ 'a.js': '1', 'A.js': '2' }, ["'a.js'", "'A.js'"]],
    [{ 'img/a.png': '1', 'Img/b.png': '2' }, ["'img/'", "'Img/'"]],
  ])('names that collide are refused before anything is placed: %j', async (tree, names) => {
    const { project, published } = projectWith(
      { 'first.js': '', ...tree },
      `collision${names.join('').length}`,
    );
    const { exit, stderr } = await collect(project);
    expect(exit).toBe(1);
    for (const words of [...names, ...Object.keys(tree).map((file) => `{TMP}/static/${file}`)])
      expect(stderr).toContain(words);
    expect(() => published()).toThrow('ENOENT');
  });

  test('a source folder in other letter case is refused as destination', async () => {
    writeTree(mounted.folder, { 'sources/a.css': 'a' });
    const { project } = projectWith({}, 'Sources', {
      staticfilesDirs: [path.join(mounted.folder, 'sources')],
    });
    expect(await collect(project, ['--clear=all'])).toMatchObject({
      exit: 1,
      stderr: expect.stringContaining('(staticfiles.E002)'),
    });
    expect(fs.readFileSync(path.join(mounted.folder, 'sources/a.css'), 'utf8')).toBe('a');
  });
});
