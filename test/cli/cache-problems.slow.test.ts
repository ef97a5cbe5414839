import fs from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { collect, run } from '../support/command.js';
import { newProject, type Project, SETTINGS } from '../support/project.js';
import { watch } from '../support/watching.js';

const TREE = {
  'static/a.css': "a { background: url('b.svg') }\n".repeat(9),
  'static/b.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>\n',
};
const WITH_CACHE = {
  ...SETTINGS,
  cacheDir: 'cache',
  postProcess: ['fingerprint', 'compress'],
};

/** A hook that records its calls in a file. */
const HOOK = `import fs from 'node:fs';
export default () => (changed) => fs.writeFileSync(import.meta.dirname + '/told.txt', changed.length + '\\n');
`;

function projectOf(settings: object = WITH_CACHE): Project {
  return newProject(
    { ...TREE, 'hook.mjs': HOOK },
    { ...settings, storages: { staticfiles: { afterPublish: './hook.mjs' } } },
  );
}

/** Published files, without the note of the last run, which differs each time. */
function published(project: Project): Record<string, string> {
  const { '.staticfiles-run.json': _, ...texts } = project.texts();
  return texts;
}

/** Published files of a run with a working cache. */
let expected: Record<string, string>;

beforeAll(async () => {
  const project = projectOf();
  expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
  expected = published(project);
});

function warning(doing: string, words: string, remedy = 'Choose'): string {
  return (
    `Warning: Cannot ${doing}: ${words}. The run goes on without it, and the next one is slower. ` +
    `${remedy} another folder with --cache-dir.\n`
  );
}

describe.concurrent('a cache that cannot be written', () => {
  const faults = [0, 1, 2, 4, 6, 8].flatMap((after) => [
    { code: 'ENOSPC', words: 'no space left on the device', after },
    { code: 'EROFS', words: 'the file system is read-only', after },
  ]);
  it.each(faults)('is a warning: $code after $after writes', async ({ code, words, after }) => {
    const project = projectOf();
    const at = project.path('cache');
    const { exit, stdout, stderr } = await collect(project, [], {
      fault: { fault: 'fail', at, after, code },
    });
    expect({ exit, stdout }).toMatchObject({ exit: 0, stdout: expect.stringContaining(' published (') });
    expect(stderr.replace(/ \(at '[\w/]+'\)/, '')).toBe(
      warning("write the cache folder '{TMP}/cache'", words),
    );
    expect(published(project)).toEqual(expected);
    expect(fs.existsSync(project.path('told.txt'))).toBe(true);
    expect(await collect(project)).toMatchObject({ exit: 0, stderr: '' });
  });

  it('is a warning in a dry run', async () => {
    const project = projectOf();
    const fault = { fault: 'fail', at: project.path('cache'), after: 0, code: 'ENOSPC' } as const;
    const { exit, stderr } = await collect(project, ['--dry-run'], { fault });
    expect([exit, stderr.match(/Warning/g)]).toEqual([0, ['Warning']]);
    expect(fs.existsSync(project.path('root'))).toBe(false);
  });

  it('is a warning with its own code in JSON', async () => {
    const project = projectOf();
    const fault = { fault: 'fail', at: project.path('cache'), after: 0, code: 'ENOSPC' } as const;
    const { stdout } = await collect(project, ['--json'], { fault });
    expect(JSON.parse(stdout).warnings).toEqual([
      { code: 'cache', message: expect.stringContaining("'{TMP}/cache'") },
    ]);
  });

  it('is a warning in consecutive runs', async () => {
    const project = projectOf({ ...WITH_CACHE, cacheDir: 'a.txt/cache' });
    project.write({ 'a.txt': 'a file' });
    const watching = await watch(project);
    const { exit, stderr } = await watching.stop();
    expect(exit).toBe(0);
    expect(stderr).toContain("Warning: Cannot read the cache folder '{TMP}/a.txt/cache'");
  });

  it('does not stop prune', async () => {
    const project = projectOf();
    await collect(project);
    const fault = { fault: 'fail', at: project.path('cache'), after: 0, code: 'EROFS' } as const;
    project.write({ 'static/a.css': 'b {}\n'.repeat(99) });
    await collect(project);
    const argv = ['prune', '--noinput', '--keep', '0', '--older-than', '0m'];
    const { exit, stderr } = await run(project, 'staticfiles', argv, { fault });
    expect({ exit, stderr }).toEqual({
      exit: 0,
      stderr: warning("write the cache folder '{TMP}/cache'", 'the file system is read-only'),
    });
  });
});

describe.concurrent('a cache that cannot be read', () => {
  it.each(['records', 'compressed/packs', 'compressed/uses'])('is a warning: %s', async (folder) => {
    const project = projectOf();
    await collect(project);
    const [name] = fs.readdirSync(project.path('cache', folder));
    const place = `${folder}/${name}`;
    const fault = { fault: 'deny', at: project.path('cache', place) } as const;
    fs.rmSync(project.path('root'), { recursive: true });
    expect(await collect(project, [], { fault })).toMatchObject({
      exit: 0,
      stderr: warning(`read the cache folder '{TMP}/cache' (at '${place}')`, 'permission denied'),
    });
    expect(published(project)).toEqual(expected);
  });

  it('may be a file', async () => {
    const project = projectOf();
    project.write({ cache: 'a file' });
    const { exit, stderr } = await collect(project);
    expect([exit, stderr.match(/Warning/g)]).toEqual([0, ['Warning']]);
    expect(stderr).toContain("the cache folder '{TMP}/cache'");
    expect(published(project)).toEqual(expected);
  });

  it('does not stop findstatic --why', async () => {
    const project = projectOf();
    project.write({ cache: 'a file' });
    expect(await run(project, 'findstatic', ['--why', 'a.css'])).toMatchObject({ exit: 0 });
  });

  it('fails staticfiles cache, with its name', async () => {
    const project = projectOf();
    await collect(project);
    const fault = { fault: 'deny', at: project.path('cache/records') } as const;
    for (const argv of [['cache'], ['cache', '--prune']]) {
      const { exit, stderr } = await run(project, 'staticfiles', argv, { fault });
      expect(exit).toBe(1);
      expect(stderr).toMatch(
        /^Cannot (read|prune) the cache folder '{TMP}\/cache' \(at 'records'\): permission denied\. Choose another one with --cache-dir\.\n$/,
      );
    }
  });
});
