import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { FoundReference } from '../../src/references/report.js';
import { collect, run } from '../support/command.js';
import { newProject, SETTINGS } from '../support/project.js';

const TREE = {
  'static/a.css': '@import "b.css";\na { background: url(img/p.png), url(https://x.example/y.png) }\n',
  'static/b.css': 'b { background: url("gone.png") }',
  'static/img/p.png': 'png',
  'static/app.js': 'import "lit"; import "./lib.js"; import(name);',
  'static/lib.js': 'import "./app.js";',
  'static/robots.txt': '',
};

function fingerprinted(
  options: object = { missing: 'ignore' },
  tree: Readonly<Record<string, string>> = TREE,
) {
  return newProject(tree, { ...SETTINGS, postProcess: [['fingerprint', options]] });
}

describe('--references', () => {
  it('writes each reference with its status', async () => {
    const project = fingerprinted();
    const { exit, stderr } = await collect(project, ['--references', 'found.json']);
    expect([exit, stderr]).toEqual([
      0,
      expect.stringMatching(
        /^Warning: The URL of an import\(\) call is unknown.*\nstatic\/app\.js:1:41: import\(name\)\n.*\n$/,
      ),
    ]);
    const { version, references } = JSON.parse(fs.readFileSync(project.path('found.json'), 'utf8'));
    expect(version).toBe(1);
    const line = ({ file, line, column, kind, text, target, status }: FoundReference) =>
      `${file}:${line}:${column} ${kind} ${text} → ${target ?? '-'} ${status}`;
    expect(references.map(line)).toEqual([
      'a.css:1:10 css-import b.css → b.css rewritten',
      'a.css:2:21 css-url img/p.png → img/p.png rewritten',
      'a.css:2:37 css-url https://x.example/y.png → - scheme',
      'app.js:1:9 js-import lit → - bare',
      'app.js:1:23 js-import ./lib.js → lib.js rewritten',
      'app.js:1:41 js-dynamic-import name → - computed',
      'b.css:1:22 css-url gone.png → gone.png missing',
      'lib.js:1:9 js-import ./app.js → app.js rewritten',
    ]);
    expect(references[0].source).toBe(project.path('static/a.css'));
  });

  it('lists strings that name files as possible references', async () => {
    const project = fingerprinted({}, { 'static/app.js': 'new Worker("w.js")', 'static/w.js': '' });
    expect(await collect(project, ['--references', 'found.json'])).toMatchObject({ exit: 0, stderr: '' });
    const { references } = JSON.parse(fs.readFileSync(project.path('found.json'), 'utf8'));
    expect(references).toEqual([
      expect.objectContaining({
        file: 'app.js',
        kind: 'js-string',
        text: 'w.js',
        target: 'w.js',
        status: 'possible',
      }),
    ]);
  });

  it('writes them in a dry run too, and if a missing reference fails the run', async () => {
    const project = fingerprinted({});
    const { exit } = await collect(project, ['--dry-run', '--references', 'found.json']);
    expect(exit).toBe(1);
    expect(fs.readFileSync(project.path('found.json'), 'utf8')).toContain('"missing"');
    expect(fs.existsSync(project.path('root'))).toBe(false);
  });

  it.each([
    ['a folder that is not there', 'no/such/found.json', {}, 1, "Cannot write '{TMP}/no/such/found.json'"],
    ['no processor that looks for references', 'found.json', { postProcess: [] }, 2, "Add 'fingerprint'"],
  ])('fails before anything is published: %s', async (_, file, settings, exit, message) => {
    const project = newProject(
      { 'static/a.css': 'a{}' },
      { ...SETTINGS, postProcess: ['fingerprint'], ...settings },
    );
    const result = await collect(project, ['--references', file]);
    expect(result).toMatchObject({ exit, stderr: expect.stringContaining(message) });
    expect(fs.existsSync(project.path('root/a.css'))).toBe(false);
  });
});

it('-v 2 counts the references by kind, and --json too', async () => {
  const project = fingerprinted();
  const { stdout } = await collect(project, ['-v', '2']);
  expect(stdout).toContain(
    [
      'References:',
      '  css-import: 1 rewritten',
      '  css-url: 1 rewritten, 1 scheme, 1 missing',
      '  js-dynamic-import: 1 computed',
      '  js-import: 2 rewritten, 1 bare',
      '',
    ].join('\n'),
  );
  const json = JSON.parse((await collect(project, ['--json'])).stdout);
  expect(json.references['js-import']).toEqual({ bare: 1, rewritten: 2 });
});

describe('findstatic --why', () => {
  const why = async (names: readonly string[], options?: object) => {
    const project = fingerprinted(options);
    return run(project, 'findstatic', ['--why', ...names]);
  };

  it('shows what the name of a logical path depends on', async () => {
    const { exit, stdout } = await why(['a.css']);
    expect(exit).toBe(0);
    expect(stdout).toMatch(
      /^Found 'a\.css' here:\n {2}\{TMP\}\/static\/a\.css \(file-system, staticfilesDirs\[0\]: wins\)\n/,
    );
    expect(stdout).toMatch(
      /Published as 'a\.[0-9a-f]{12}\.css'\.\nRefers to:\n {2}'b\.css'\n {2}'img\/p\.png'\nReferred to by no other file\.\nIts name depends on:\n {2}'b\.css'\n {2}'img\/p\.png'\n$/,
    );
  });

  it('accepts a fingerprinted name, and shows its cycle', async () => {
    const project = fingerprinted();
    await collect(project);
    const { paths } = JSON.parse(fs.readFileSync(project.path('root/staticfiles.json'), 'utf8'));
    const { stdout } = await run(project, 'findstatic', ['--why', `/static/${paths['lib.js']}`]);
    expect(stdout).toContain(`/static/lib.js (file-system, `);
    expect(stdout).toContain(
      `Published as '${paths['lib.js']}'.\nIn a cycle of references with:\n  'app.js'\n`,
    );
    expect(stdout).toContain("Referred to by:\n  'app.js'\nIts name depends on:\n  'app.js'\n");
  });

  it('says if the fingerprint in a name is of other bytes', async () => {
    const { exit, stdout } = await why(['/static/a.0123456789ab.css']);
    expect(exit).toBe(0);
    expect(stdout).toContain(
      "\n'/static/a.0123456789ab.css' has the fingerprint of other bytes or settings.\nPublished as 'a.",
    );
  });

  it('shows why a name is plain, and if no processor adds fingerprints', async () => {
    expect((await why(['robots.txt'], { exclude: ['robots.txt'], missing: 'ignore' })).stdout).toContain(
      "Published as 'robots.txt'. It keeps its name: excluded.\n",
    );
    const plain = newProject({ 'static/a.css': 'a{}' });
    expect((await run(plain, 'findstatic', ['--why', 'a.css'])).stdout).toContain(
      "Published as 'a.css': no processor adds fingerprints.\n",
    );
  });

  it('names the computed URLs that can name a file, and collectstatic does so too', async () => {
    const project = fingerprinted(undefined, {
      'static/js/app.js': "import('./plugins/' + name + '.js')",
      'static/js/plugins/a.js': '',
      'static/js/plugins/b.js': '',
    });
    expect((await run(project, 'findstatic', ['--why', 'js/plugins/a.js'])).stdout).toContain(
      "It keeps its name: computed.\nComputed URLs can name it:\n  'js/plugins/*.js' in 'js/app.js'\n",
    );
    const line =
      "2 files keep their names, since computed URLs can name them: 'js/plugins/*.js' in 'js/app.js'.\n";
    expect(await collect(project)).toMatchObject({ stdout: expect.stringContaining(line), stderr: '' });
    expect((await collect(project, ['-v', '0'])).stdout).toBe('');
  });

  it('prints JSON, publishes nothing, and exits with 1 for an unknown name', async () => {
    const project = fingerprinted();
    const { exit, stdout } = await run(project, 'findstatic', ['--why', '--json', 'app.js', 'ap.js']);
    const [known, unknown] = JSON.parse(stdout).results;
    expect(known.why).toMatchObject({
      path: expect.stringMatching(/^app\.[0-9a-f]{12}\.js$/),
      ...{
        refersTo: ['lib.js'],
        referredToBy: ['lib.js'],
        cycle: ['app.js', 'lib.js'],
        dependsOn: ['lib.js'],
      },
    });
    expect([exit, unknown.why, unknown.nearest]).toEqual([1, null, ['app.js']]);
    expect(fs.existsSync(project.path('root'))).toBe(false);
  });
});

describe('missing', () => {
  it('follows the first rule that matches file and kind', async () => {
    const tree = {
      'static/vendor/v.css': 'a{b:url(gone.png)}',
      'static/own.css': '@import "gone.css"; a{b:url(gone.png)}',
    };
    const missing = [
      { files: 'vendor/**', action: 'ignore' },
      { kinds: ['css-import'], action: 'warn' },
    ];
    const { exit, stderr } = await collect(fingerprinted({ missing }, tree));
    expect(exit).toBe(1);
    expect(stderr).toContain('1 missing reference in 1 file. Nothing was published.');
    expect(stderr).toContain("own.css:1:29: 'gone.png' not found.");
    expect(stderr).not.toContain('v.css');
    const warned = await collect(fingerprinted({ missing: [...missing, { action: 'warn' }] }, tree));
    expect(warned.exit).toBe(0);
    expect(warned.stderr).toMatch(/own\.css:1:10: 'gone\.css' not found\..*\n.*\n.*own\.css:1:29: /);
  });

  it('shows 500 references and counts the others', async () => {
    const lines = Array.from({ length: 800 }, (_, index) => `a{b:url(gone${index}.png)}`);
    const tree = { 'static/a.css': lines.slice(0, 600).join('\n'), 'static/b.css': lines.join('\n') };
    const { stderr } = await collect(fingerprinted({}, tree));
    expect(stderr).toContain('1400 missing references in 2 files');
    expect(stderr).toContain('… and 900 more. To list all of them, run with --references FILE.');
  });
});

describe('custom scanners', () => {
  const SCANNER = `
import { plainReference } from 'staticfiles';
export default function scan(bytes) {
  const text = bytes.toString('latin1');
  const found = [...text.matchAll(/static:(\\S+)/g)];
  const references = found.map((match) => {
    const start = match.index + 'static:'.length;
    return plainReference(bytes, start, start + match[1].length, 'tpl');
  });
  return { references, skipped: [], warnings: [] };
}`;
  const project = (scanner: string, more: object = {}) => {
    const made = fingerprinted(
      { references: { scanners: [{ files: '*.tpl', scan: './scan-tpl.mjs', ...more }] } },
      { 'scan-tpl.mjs': scanner, 'static/page.tpl': 'x static:a.png y', 'static/a.png': 'png' },
    );
    fs.mkdirSync(made.path('node_modules'));
    fs.symlinkSync(process.cwd(), made.path('node_modules/staticfiles'));
    return made;
  };
  const published = (made: ReturnType<typeof project>) => {
    const { paths } = JSON.parse(fs.readFileSync(made.path('root/staticfiles.json'), 'utf8'));
    return fs.readFileSync(made.path('root', paths['page.tpl']), 'utf8');
  };

  it.each([[{}], [{ version: '1' }]])('find references in further types of files, with %j', async (more) => {
    const made = project(SCANNER, more);
    expect(await collect(made)).toMatchObject({ exit: 0, stderr: '' });
    expect(published(made)).toMatch(/^x static:a\.[0-9a-f]{12}\.png y$/);
    expect((await collect(made)).stdout).toMatch(/: \d+ unmodified · /);
  });

  it('run again if they have no version, or another one', async () => {
    const changed = SCANNER.replace('static:(', 'nothing:(');
    const made = project(SCANNER);
    await collect(made);
    made.write({ 'scan-tpl.mjs': changed });
    await collect(made);
    expect(published(made)).toBe('x static:a.png y');
  });

  it.each([[{}], [{ version: '1' }]])(
    'add to what the built-in one finds, with extends and %j',
    async (more) => {
      const made = project(SCANNER, { files: '*.css', extends: true, ...more });
      made.write({ 'static/x.css': '/* static:a.png */ a { b: url(a.png) }' });
      expect(await collect(made)).toMatchObject({ exit: 0, stderr: '' });
      const { paths } = JSON.parse(fs.readFileSync(made.path('root/staticfiles.json'), 'utf8'));
      expect(fs.readFileSync(made.path('root', paths['x.css']), 'utf8')).toBe(
        `/* static:${paths['a.png']} */ a { b: url(${paths['a.png']}) }`,
      );
      expect((await collect(made)).stdout).toContain('3 static files: 3 unmodified');
    },
  );

  it('that extend a built-in one win where both find something', async () => {
    const scanner = `
      import { plainReference } from 'staticfiles';
      export default (bytes) => ({ references: [plainReference(bytes, 8, 17, 'tpl')] });`;
    const made = project(scanner, { files: '*.css', extends: true });
    made.write({ 'static/x.css': 'a{b:url(xx/a.png?y)}', 'static/xx/a.png': '' });
    const { exit } = await collect(made, ['--references', 'found.json']);
    const { references } = JSON.parse(fs.readFileSync(made.path('found.json'), 'utf8'));
    expect([exit, references.map(({ kind, text }: FoundReference) => [kind, text])]).toEqual([
      0,
      [['tpl', 'xx/a.png?']],
    ]);
  });

  it.each([
    ['throws', 'export default () => { throw new Error("no"); }', "The scanner for 'page.tpl' failed: no"],
    ['returns nothing', 'export default () => {}', 'it must return an object with a list of references'],
    [
      'is out of bounds',
      'export default () => ({ references: [{ kind: "x", url: "a.png", start: 5, end: 99, insertionOffset: 6 }] })',
      "is out of order, or outside the file's 16 bytes",
    ],
    ['is none', 'export default 1', 'must export by default a function (bytes) that finds references'],
  ])('fail the run where one %s', async (_, scanner, message) => {
    const made = project(scanner);
    expect(await collect(made)).toMatchObject({ exit: 1, stderr: expect.stringContaining(message) });
    expect(fs.existsSync(made.path('root'))).toBe(false);
  });
});
