import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CollectOptions } from '../../../src/collectstatic.js';
import { collectstatic } from '../../../src/collectstatic.js';
import type { Processor } from '../../../src/processors/processor.js';
import { prune } from '../../../src/prune/prune.js';
import type { Settings } from '../../../src/settings/settings.js';
import { lookAtNames, probeNames } from '../../../src/storages/filesystem/name-probe.js';
import { builtSettings } from '../../support/built-settings.js';
import { type CaseRules, ignoreCase } from '../../support/ignoring-case.js';
import { newProject, type Project } from '../../support/project.js';
import { renamingProcessor } from '../../support/renaming-processor.js';

const SYSTEMS: readonly [string, CaseRules][] = [
  ['renames by letter case, as macOS and Windows', {}],
  ['takes both spellings for one file, as Linux', { renamesCase: false }],
  ['lists all names in lower case', { keepsCase: false }],
];

/** Publishes files whose logical path is their path below `static`. */
async function publish(
  project: Project,
  paths: readonly string[],
  options: CollectOptions = {},
  changes: Partial<Settings> = {},
): Promise<string[]> {
  const files = Object.fromEntries(paths.map((path) => [path, `static/${path}`]));
  const report = await collectstatic(builtSettings(project, files, changes), options);
  return report.plan.map(({ action, publicPath, reason }) => `${action} ${publicPath} (${reason})`);
}

/** Adds a variant to each file. */
function packing(file: string): Processor {
  return {
    name: 'packing',
    process: (outputs) =>
      outputs.flatMap((output) => {
        const publicPath = `${output.publicPath}.gz`;
        const variant = { publicPath, logicalPath: publicPath, variantOf: output.publicPath };
        return [
          output,
          { ...variant, contentEncoding: 'gzip', body: { kind: 'file' as const, file, immutable: true } },
        ];
      }),
  };
}

function newSite(rules: CaseRules, paths: readonly string[]): Project {
  const project = newProject(Object.fromEntries(paths.map((path) => [`static/${path}`, `text of ${path}`])));
  ignoreCase(project.path('root'), rules);
  return project;
}

describe.each(SYSTEMS)('a destination that %s', (_, rules) => {
  const shown = (name: string) => (rules.keepsCase === false ? name.toLowerCase() : name);

  it('is recognized as ignoring letter case, even without writing', () => {
    const project = newSite(rules, []);
    project.write({ 'root/some.js': '' });
    const { keepsCase = true } = rules;
    expect(probeNames(project.path('root'))).toEqual({ ignoresCase: true, ignoresForm: true, keepsCase });
    expect(fs.readdirSync(project.path('root'))).toEqual(['some.js']);
    expect(lookAtNames(project.path('root'))).toMatchObject({ ignoresCase: true });
  });

  it.each<[CollectOptions]>([[{}], [{ clear: true }], [{ clear: 'all' }]])(
    'keeps a file whose name changes only in letter case: %j',
    async (options) => {
      const project = newSite(rules, ['a.js', 'A.js', 'old.js']);
      await publish(project, ['a.js', 'old.js']);
      fs.rmSync(project.path('static/a.js'));
      await publish(project, ['A.js'], options);
      const others = options.clear ? {} : { 'old.js': 'text of old.js' };
      expect(project.texts()).toEqual({ [shown('A.js')]: 'text of A.js', ...others });
      expect(await publish(project, ['A.js'])).toEqual(['keep A.js (unchanged)']);
    },
  );

  it('shows a new letter case if nothing else has changed', async () => {
    const project = newSite(rules, ['img/deep/a.png', 'img/b.png']);
    await publish(project, ['img/deep/a.png', 'img/b.png']);
    fs.writeFileSync(project.path('root/img/theirs.txt'), 'theirs');
    fs.renameSync(project.path('static/img'), project.path('static/Img'));
    await publish(project, ['Img/deep/a.png', 'Img/b.png']);
    expect(project.texts()).toEqual({
      [shown('Img/b.png')]: 'text of img/b.png',
      [shown('Img/deep/a.png')]: 'text of img/deep/a.png',
      [shown('Img/theirs.txt')]: 'theirs',
    });
    expect(await publish(project, ['Img/deep/a.png', 'Img/b.png'])).toEqual([
      'keep Img/deep/a.png (unchanged)',
      'keep Img/b.png (unchanged)',
    ]);
  });

  it('keeps the file that a manifest names', async () => {
    const project = newSite(rules, ['a.js', 'A.js']);
    const fingerprinted = { processors: [renamingProcessor] };
    await publish(project, ['a.js'], {}, fingerprinted);
    await publish(project, ['A.js'], { clear: true }, fingerprinted);
    const { paths } = JSON.parse(fs.readFileSync(project.path('root/staticfiles.json'), 'utf8'));
    expect(Object.keys(paths)).toEqual(['A.js']);
    expect(fs.readFileSync(project.path('root', paths['A.js']), 'utf8')).toBe('text of A.js');
  });

  it('keeps a file that the manifest names in another letter case', async () => {
    const project = newSite(rules, ['a.js', 'old.js']);
    const release = (id: string) => ({ processors: [renamingProcessor], release: { id: async () => id } });
    await publish(project, ['a.js', 'old.js'], {}, release('v1'));
    fs.renameSync(project.path('static/a.js'), project.path('static/A.js'));
    await publish(project, ['A.js'], {}, release('v2'));
    await prune(builtSettings(project, {}), { keep: 1 });
    const names = Object.keys(project.texts()).filter((name) => name.endsWith('.js'));
    expect(names).toEqual([shown('A.f6b5.js'), shown('A.js')]);
  });

  it('recognizes the variant of a file in any letter case, and a stale one', async () => {
    const project = newSite(rules, ['a.js', 'variant.gz']);
    const packed = { processors: [packing(project.path('static/variant.gz'))] };
    await publish(project, ['a.js'], {}, packed);
    fs.renameSync(project.path('static/a.js'), project.path('static/A.js'));
    await publish(project, ['A.js'], {}, packed);
    expect(Object.keys(project.texts())).toEqual([shown('A.js'), shown('A.js.gz')]);
    fs.renameSync(project.path('static/A.js'), project.path('static/a.js'));
    expect(await publish(project, ['a.js'])).toContainEqual(
      expect.stringMatching(/^delete a\.js\.gz \(stale/i),
    );
    expect(Object.keys(project.texts())).toEqual(['a.js']);
  });

  it.each([
    [['a.js', 'A.js'], "'a.js'", "'A.js'"],
    [['img/a.png', 'Img/b.png'], "'img/'", "'Img/'"],
    [['lib', 'Lib/b.js'], "'lib'", "'Lib/'"],
    [['caf\u00e9.txt', 'cafe\u0301.txt'], "'caf\u00e9.txt'", "'cafe\u0301.txt'"],
  ])('refuses %j before anything is published', async (paths, one, other) => {
    const project = newSite(rules, paths);
    project.write({ 'static/first.js': 'first' });
    const error = await publish(project, ['first.js', ...paths]).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'source' });
    for (const words of [one, other, ...paths.map((path) => project.path('static', path))])
      expect((error as Error).message).toContain(words);
    expect(project.texts()).toEqual({});
  });

  it('deletes an empty folder of another name, but none that a file needs', async () => {
    const project = newSite(rules, ['img/a.png']);
    await publish(project, []);
    project.write({ [`root/${shown('IMG')}`]: { folder: true }, 'root/empty': { folder: true } });
    await publish(project, ['img/a.png'], { clear: 'all' });
    expect(Object.keys(project.texts())).toEqual(['img/a.png']);
    expect(project.emptyFolders()).toEqual([]);
  });
});

describe('a destination where letter case matters', () => {
  it('is recognized, with and without writing', () => {
    const project = newProject({ 'root/some.js': '', 'root/SOME.js': '' });
    const names = { ignoresCase: false, ignoresForm: false, keepsCase: true };
    expect(probeNames(project.path('root'))).toEqual(names);
    expect(lookAtNames(project.path('root'))).toEqual(names);
    expect(lookAtNames(project.path('not/there'))).toEqual(names);
    expect(fs.readdirSync(project.path('root')).sort()).toEqual(['SOME.js', 'some.js']);
  });

  it('accepts names that differ only in letter case', async () => {
    const project = newProject({ 'static/a.js': 'a', 'static/A.js': 'A' });
    await publish(project, ['a.js', 'A.js']);
    expect(project.texts()).toEqual({ 'a.js': 'a', 'A.js': 'A' });
    await publish(project, ['A.js'], { clear: true });
    expect(project.texts()).toEqual({ 'A.js': 'A' });
  });
});
