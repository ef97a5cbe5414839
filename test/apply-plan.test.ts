import fs from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { applyPlan, planCollect } from '../src/apply-plan.js';
import type { CollectOptions } from '../src/collectstatic.js';
import { type PlanFile, planFileText } from '../src/pipeline/plan-file.js';
import { parsePlanFile } from '../src/pipeline/read-plan-file.js';
import type { Project } from './support/project.js';
import { newSite, publish, settingsOf, style, stylePath } from './support/releases.js';

let project: Project;
beforeEach(async () => {
  project = newSite();
  await publish(project, 'v1', 'red');
  project.write({ 'static/app.css': style('green'), 'root/left-over.txt': 'old' });
});

/** Plans, and reads the plan back from its text, as another process would. */
async function planned(options: CollectOptions = {}, release = 'v2'): Promise<PlanFile> {
  const { planFile } = await planCollect(await settingsOf(project, release), options);
  return parsePlanFile(planFileText(planFile), 'plan.json');
}

async function apply(plan: PlanFile, dryRun = false) {
  return applyPlan(await settingsOf(project), plan, { where: 'plan.json', dryRun });
}

async function refusal(plan: PlanFile): Promise<{ code: string; lines: string[] }> {
  const before = project.tree();
  const { code, message } = await apply(plan).then(
    () => ({ code: '', message: '' }),
    (error) => error,
  );
  expect(project.tree()).toEqual(before);
  const [first, ...lines] = message.split('\n');
  expect(first).toMatch(
    /^plan\.json is out of date: (1 file has|\d+ files have) changed since\. Nothing was published\. Create a new plan with --plan-out\.$/,
  );
  return { code, lines: lines.map((line: string) => line.trim()) };
}

describe('a plan file', () => {
  it('has a line for each step, with path, reason, source and hash', async () => {
    const before = project.tree();
    const plan = await planned();
    expect(project.tree()).toEqual(before);
    expect(plan).toMatchObject({ destination: 'root', staticUrl: '/static/', release: 'v2' });
    const hash = expect.stringMatching(/^sha384-[\w+/]{64}$/);
    const was = { kind: 'file', size: style('red').length, mode: 0o644, mtimeMs: expect.any(Number) };
    expect(plan.files).toContainEqual({
      ...{ action: 'copy', path: 'app.css', reason: 'changed', source: 'static/app.css', hash, was },
    });
    const robots = { action: 'keep', path: 'robots.txt', reason: 'unchanged', source: 'static/robots.txt' };
    expect(plan.files).toContainEqual({ ...robots, hash, was: null });
    expect(plan.files.at(-1)).toMatchObject({ action: 'copy', path: 'staticfiles.json', source: null, hash });
    const lines = planFileText(plan).split('\n');
    expect(lines.filter((line) => line.includes('"path"'))).toHaveLength(plan.files.length);
  });

  it.each(['', '{}', '[]', '{"version": 2, "files": []}', '{"version": 1, "options": {}, "files": [1]}'])(
    'is nothing like %j',
    (text) => {
      expect(() => parsePlanFile(text, 'plan.json')).toThrow(
        /^The plan 'plan\.json' cannot be applied, and nothing was published\.\n {2}plan\.json: /,
      );
    },
  );

  it('may begin with a byte order mark, as editors on Windows write it', async () => {
    const { planFile } = await planCollect(await settingsOf(project, 'v2'));
    expect(parsePlanFile(`\ufeff${planFileText(planFile)}`, 'plan.json')).toEqual(planFile);
  });
});

/** Puts a value at a place in a plan, as somebody may who edits the file: `options.prune`, `files.0.path`. */
function withValue(plan: PlanFile, place: string, value: unknown): PlanFile {
  const changed = structuredClone(plan);
  const keys = place.split('.');
  const last = keys.pop()!;
  const parent = keys.reduce<Record<string, unknown>>(
    (at, key) => at[key] as Record<string, unknown>,
    changed as unknown as Record<string, unknown>,
  );
  Object.defineProperty(parent, last, { value, enumerable: true, configurable: true, writable: true });
  return changed;
}

describe('a plan file with foreign keys or values', () => {
  it.each<[string, unknown]>([
    ['version', '1'],
    ['version', 2],
    ['created', 'yesterday'],
    ['destination', 1],
    ['staticUrl', null],
    ['release', '../../x'],
    ['release', '.hidden'],
    ['release', 'a/b'],
    ['release', 'a\\b'],
    ['release', ''],
    ['release', 1],
    ['release', undefined],
    ['hooks', []],
    ['options', []],
    ['options', null],
    ['options.prune', { keep: 0, olderThan: 0 }],
    ['options.dryRun', false],
    ['options.checksum', false],
    ['options.index', false],
    ['options.readAll', false],
    ['options.failOnConflict', false],
    ['options.clear', 'yes'],
    ['options.clear', undefined],
    ['options.link', 1],
    ['options.postProcess', 'false'],
    ['options.ignore', '*'],
    ['options.ignore', [1]],
    ['options.ignore', ['']],
    ['options.defaultIgnore', null],
    ['files', {}],
    ['files.0', null],
    ['files.0.action', 'remove'],
    ['files.0.action', undefined],
    ['files.0.path', '../../x'],
    ['files.0.path', '/etc/passwd'],
    ['files.0.path', 'a//b'],
    ['files.0.path', ''],
    ['files.0.path', 'a\0'],
    ['files.0.path', 1],
    ['files.0.reason', 'because'],
    ['files.0.source', 1],
    ['files.0.hash', 'sha384-'],
    ['files.0.hash', `md5-${'a'.repeat(64)}`],
    ['files.0.hash', 0],
    ['files.0.was', 'file'],
    ['files.0.was', { kind: 'socket', size: 1 }],
    ['files.0.was', { kind: 'file', size: -1 }],
    ['files.0.was', { kind: 'file', size: '1' }],
    ['files.0.was', { kind: 'file', size: 1, mode: 0.5 }],
    ['files.0.was', { kind: 'file', size: 1, owner: 'root' }],
    ['files.0.body', 'x'],
  ])('is refused for %s: %j, with the place', async (place, value) => {
    const settings = await settingsOf(project, 'v2');
    const plan = withValue((await planCollect(settings)).planFile, place, value);
    const before = project.tree('.');
    const shown = place
      .replace(/\.(\d+)/g, '[$1]')
      .replaceAll('.', '\\.')
      .replaceAll('[', '\\[');
    for (const dryRun of [true, false]) {
      await expect(apply(plan, dryRun)).rejects.toMatchObject({
        code: 'usage',
        message: expect.stringMatching(new RegExp(`\\n {2}plan\\.json: ${shown}.* is `)),
      });
    }
    expect(() => parsePlanFile(JSON.stringify(plan), 'plan.json')).toThrow(/nothing was published/);
    expect(project.tree('.')).toEqual(before);
  });

  it.each(['__proto__', 'constructor'])('passes nothing to a run by the key %s', async (key) => {
    const plan = withValue(await planned(), `options.${key}`, { prune: { keep: 0 }, dryRun: false });
    const before = project.tree();
    await apply(plan, true).catch(() => undefined);
    expect(project.tree()).toEqual(before);
  });

  it('is refused if its files contradict its options', async () => {
    const { planFile } = await planCollect(await settingsOf(project, 'v2'), { clear: true });
    const kept = withValue(planFile, 'options.clear', false);
    await expect(apply(kept)).rejects.toThrow(
      /plan\.json: files\[\d+\]\.reason is '.*', but options\.clear is false/,
    );
    const linked = withValue(planFile, 'files.0.action', 'link');
    await expect(apply(linked)).rejects.toThrow(/files\[0\]\.action is 'link', but options\.link is false/);
    const twice = { ...planFile, files: [...planFile.files, planFile.files[0]!] };
    await expect(apply(twice)).rejects.toThrow(/\.path is '.*', the same as in an earlier entry/);
  });

  it('names at most five problems', async () => {
    const files = Array.from({ length: 8 }, () => null) as unknown as PlanFile['files'];
    await expect(apply({ ...(await planned()), files })).rejects.toThrow(/\n {2}and 3 more\n/);
  });
});

describe('applying a plan', () => {
  it.each<[CollectOptions]>([
    [{}],
    [{ clear: true }],
    [{ clear: 'all' }],
    [{ link: true, postProcess: false }],
    [{ ignore: ['robots.txt'] }],
  ])('with %j publishes what it says', async (options) => {
    const plan = await planned(options);
    const report = await apply(plan);
    expect(report.plan.map(({ action, publicPath }) => `${action} ${publicPath}`)).toEqual(
      plan.files.map(({ action, path }) => `${action} ${path}`),
    );
    expect(fs.existsSync(project.path('root/left-over.txt'))).toBe(options.clear === undefined);
    expect(JSON.parse(fs.readFileSync(project.path('root/staticfiles.json'), 'utf8')).release).toBe('v2');
    expect(fs.existsSync(project.path('root', stylePath(project)))).toBe(true);
  });

  it('changes nothing in a dry run', async () => {
    const before = project.tree();
    expect((await apply(await planned(), true)).dryRun).toBe(true);
    expect(project.tree()).toEqual(before);
  });

  it('publishes the same files without processors and manifest', async () => {
    project = newSite({ postProcess: [] });
    const { planFile } = await planCollect(await settingsOf(project));
    expect(planFile.files.map(({ hash }) => hash)).toEqual(Array(2).fill(expect.stringMatching(/^sha384-/)));
    await apply(planFile);
    expect(Object.keys(project.tree())).toEqual(['logo.svg', 'robots.txt']);
  });

  it('is refused if a source has changed, even with the same size and time', async () => {
    const plan = await planned();
    const { atime, mtime } = fs.statSync(project.path('static/app.css'));
    project.write({ 'static/app.css': style('GREEN') });
    fs.utimesSync(project.path('static/app.css'), atime, mtime);
    const { code, lines } = await refusal(plan);
    expect(code).toBe('source');
    expect(lines[0]).toBe("app.css: what would be published has changed (from 'static/app.css')");
  });

  it('is refused if a source was added, removed or replaced', async () => {
    const plan = await planned();
    project.write({ 'static/new.txt': 'new' });
    fs.rmSync(project.path('static/robots.txt'));
    const { lines } = await refusal(plan);
    expect(lines).toContain("new.txt: what would be published has changed (from 'static/new.txt')");
    expect(lines).toContain("robots.txt: what would be published has changed (from 'static/robots.txt')");
  });

  it('is refused if a file that it replaces has changed', async () => {
    const plan = await planned();
    project.write({ 'root/app.css': style('black') });
    expect(await refusal(plan)).toEqual({
      code: 'target',
      lines: ['app.css: the file at the destination has changed'],
    });
  });

  it('is refused if a file that it keeps or deletes has changed, or more would be deleted', async () => {
    const plan = await planned({ clear: true });
    project.write({ 'root/left-over.txt': 'older', 'root/more.txt': 'more' });
    fs.rmSync(project.path('root/robots.txt'));
    const { code, lines } = await refusal(plan);
    expect(code).toBe('target');
    expect(lines.map((line) => line.split(':')[0]).sort()).toEqual([
      'left-over.txt',
      'more.txt',
      'robots.txt',
    ]);
  });

  it('is refused if another run was faster', async () => {
    const plan = await planned();
    await publish(project, 'v3', 'black');
    project.write({ 'static/app.css': style('green') });
    expect((await refusal(plan)).lines).toContain('app.css: the file at the destination has changed');
  });

  it('is refused the second time', async () => {
    const plan = await planned();
    await apply(plan);
    expect((await refusal(plan)).code).toBe('target');
  });

  it('is refused for another destination or URL', async () => {
    const plan = await planned();
    const moved = { ...plan, destination: 'elsewhere' };
    await expect(apply(moved)).rejects.toMatchObject({
      code: 'settings',
      message: expect.stringContaining("publishes to 'elsewhere', but the settings say 'root'"),
    });
    await expect(apply({ ...plan, staticUrl: '/s/' })).rejects.toMatchObject({ code: 'settings' });
  });

  it('names at most twenty files', async () => {
    const plan = await planned();
    project.write(Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`static/n${i}.txt`, `${i}`])));
    const { lines } = await refusal(plan);
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toBe('and 40 more');
  });
});
