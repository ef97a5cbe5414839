import fs from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { collectstatic } from '../../src/collectstatic.js';
import { readBody } from '../../src/model/body.js';
import type { Output } from '../../src/model/output.js';
import type { CompressOptions } from '../../src/processors/compress/options.js';
import { compress } from '../../src/processors/compress/processor.js';
import { fingerprint } from '../../src/processors/fingerprint/processor.js';
import type { Processor, ProcessorContext } from '../../src/processors/processor.js';
import { plainReference } from '../../src/references/make-reference.js';
import type { Scanner } from '../../src/references/reference.js';
import { builtSettings } from '../support/built-settings.js';
import { newProject, type Project } from '../support/project.js';

const LONG = '/* long enough to gain by it */ '.repeat(20);
const FILES = {
  'css/app.css': `${LONG}a{background:url(../img/x.png)}`,
  'img/x.png': 'png',
  'js/a.js': `${LONG}import './b.js'`,
  'js/b.js': `${LONG}export default 1`,
};

function newSite(files: Record<string, string> = FILES): Project {
  return newProject(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [`static/${name}`, text])),
  );
}

/** Runs processors in a run of its own. */
async function run(
  project: Project,
  processors: readonly Processor[],
  files: Record<string, string> = FILES,
) {
  const sources = Object.fromEntries(Object.keys(files).map((name) => [name, `static/${name}`]));
  const report = await collectstatic(builtSettings(project, sources, { processors }));
  const outputs = report.plan.flatMap(({ output }) => output ?? []).filter(({ role }) => role === undefined);
  return { report, outputs, paths: outputs.map(({ publicPath }) => publicPath).sort() };
}

function textOf({ body }: Output): string {
  return Buffer.from(readBody(body)).toString();
}

/** Adds a version to every file name, and to the references in style sheets. */
const versioned = (originals: boolean): Processor => ({
  name: 'versioned',
  process: (outputs) =>
    outputs.flatMap((output) => {
      const publicPath = output.publicPath.replace(/\.(\w+)$/, '.v1.$1');
      const bytes = Buffer.from(textOf(output).replaceAll(/x\.png/g, 'x.v1.png'));
      const named = { ...output, publicPath, body: { kind: 'bytes' as const, bytes } };
      return originals ? [output, named] : [named];
    }),
});

/** Adds a variant that is not a compressed one. */
const mapped: Processor = {
  name: 'mapped',
  process: (outputs) => [
    ...outputs,
    ...outputs
      .filter(({ publicPath }) => publicPath.endsWith('.js'))
      .map(({ logicalPath, publicPath }) => ({
        ...{ logicalPath, publicPath: `${publicPath}.map2`, variantOf: publicPath },
        body: { kind: 'bytes' as const, bytes: Buffer.from('map') },
      })),
  ],
};

describe('compress', () => {
  it('compresses a file that has a variant of another processor', async () => {
    const { paths } = await run(newSite(), [mapped, compress()]);
    expect(paths).toEqual(expect.arrayContaining(['js/a.js', 'js/a.js.br', 'js/a.js.gz', 'js/a.js.map2']));
  });

  it('can run twice, with one encoding each', async () => {
    const project = newSite();
    const processors = () => [compress({ encodings: ['gzip'] }), compress({ encodings: ['br'] })];
    const { paths } = await run(project, processors());
    expect(paths).toEqual(
      expect.arrayContaining(['js/a.js.br', 'js/a.js.gz', 'css/app.css.br', 'css/app.css.gz']),
    );
    const uses = fs.readdirSync(project.path('cache/compressed/uses'));
    expect(uses).toHaveLength(2);
    expect((await run(project, processors())).paths).toEqual(paths);
  });

  it.each<[CompressOptions]>([
    [{}],
    [{ encodings: undefined } as unknown as CompressOptions],
    [{ encodings: undefined, originals: undefined } as unknown as CompressOptions],
  ])('treats the options %j as no options', async (options) => {
    const { paths } = await run(newSite(), [fingerprint(), compress(options)]);
    expect(paths.filter((path) => path.startsWith('js/b.'))).toEqual(
      [
        'js/b.js',
        expect.stringMatching(/^js\/b\.\w{12}\.js$/),
        expect.stringMatching(/^js\/b\.\w{12}\.js\.br$/),
        expect.stringMatching(/^js\/b\.\w{12}\.js\.gz$/),
      ].sort(),
    );
  });
});

describe('fingerprint', () => {
  it.each([true, false])(
    'finds files that an earlier processor has renamed (originals %s)',
    async (originals) => {
      const files = { 'css/app.css': FILES['css/app.css'], 'img/x.png': 'png' };
      const { outputs, report } = await run(newSite(files), [versioned(originals), fingerprint()], files);
      expect(report.warnings).toEqual([]);
      const css = outputs.find(({ publicPath }) => publicPath === 'css/app.v1.css')!;
      expect(textOf(css)).toContain('url(../img/x.v1.png)');
      expect(outputs.some(({ publicPath }) => publicPath === 'img/x.v1.png')).toBe(true);
    },
  );

  it('finds a renamed file in a file that keeps its name', async () => {
    const images: Processor = {
      name: 'images',
      process: (outputs) =>
        outputs.map((output) =>
          output.publicPath.endsWith('.png')
            ? { ...output, publicPath: 'img/x.v1.png' }
            : {
                ...output,
                body: {
                  kind: 'bytes' as const,
                  bytes: Buffer.from(textOf(output).replace('x.png', 'x.v1.png')),
                },
              },
        ),
    };
    const { outputs } = await run(newSite(), [images, fingerprint()]);
    const css = outputs.find(({ publicPath }) => /^css\/app\.\w{12}\.css$/.test(publicPath))!;
    expect(textOf(css)).toContain('url(../img/x.v1.png)');
  });

  it('renames a file with a variant, also in the files that refer to it', async () => {
    const { outputs } = await run(newSite(), [mapped, fingerprint()]);
    const b = outputs.find(({ publicPath }) => /^js\/b\.\w{12}\.js$/.test(publicPath))!;
    const a = outputs.find(({ publicPath }) => /^js\/a\.\w{12}\.js$/.test(publicPath))!;
    expect(textOf(a)).toContain(`import './${b.publicPath.slice(3)}'`);
  });

  it.each([true, false])('running twice gives the same as once (originals %s)', async (originals) => {
    const once = await run(newSite(), [fingerprint({ originals })]);
    const twice = await run(newSite(), [fingerprint({ originals }), fingerprint({ originals })]);
    expect(twice.paths).toEqual(once.paths);
    expect(twice.report.warnings).toEqual(once.report.warnings);
  });

  it('after compress it warns that fingerprinted files have no variants', async () => {
    const { report, outputs } = await run(newSite(), [compress(), fingerprint()]);
    expect(report.warnings).toEqual([
      {
        code: 'variants-before-names',
        message: expect.stringMatching(
          /^6 variants were made before fingerprint .*put .*'compress', after 'fingerprint'\.$/,
        ),
      },
    ]);
    const variant = outputs.find(({ publicPath }) => publicPath === 'js/a.js.gz')!;
    expect(gunzipSync(readBody(variant.body)).toString()).toBe(FILES['js/a.js']);
  });

  it('after compress it drops the variants of plain names that are not published', async () => {
    const { paths } = await run(newSite(), [compress(), fingerprint({ originals: false })]);
    expect(paths.filter((path) => /\.(gz|br)$/.test(path))).toEqual([]);
  });

  it('before compress there are variants and no warning', async () => {
    const { report, paths } = await run(newSite(), [fingerprint(), compress()]);
    expect(report.warnings).toEqual([]);
    expect(paths.filter((path) => path.endsWith('.br'))).toHaveLength(3);
  });
});

describe('integrity values that a custom scanner finds', () => {
  const TEXT = '{{ js/a.js sha384-OLD }}';
  const scan = (bytes: Buffer) => {
    const start = bytes.indexOf('js/a.js');
    const of = bytes.indexOf('sha384-OLD');
    const integrities = [{ start: of, end: of + 'sha384-OLD'.length, of: start }];
    return {
      references: [plainReference(bytes, start, start + 7, 'tpl')],
      skipped: [],
      warnings: [],
      integrities,
    };
  };
  const files = { 'page.tpl': TEXT, 'js/a.js': 'a()' };
  const processor = (scanner: Scanner, exclude: string[] = []) =>
    fingerprint({ exclude, references: { scanners: [{ files: '**/*.tpl', scan: scanner }] } });

  it.each([[[]], [['page.tpl']]])('match the published bytes, with exclude: %j', async (exclude) => {
    const { outputs, report } = await run(newSite(files), [processor(scan, exclude)], files);
    const script = outputs.find(({ publicPath }) => /^js\/a\.\w{12}\.js$/.test(publicPath))!;
    const page = outputs.findLast(({ logicalPath }) => logicalPath === 'page.tpl')!;
    expect(textOf(page)).toBe(`{{ ${script.publicPath} ${script.content!.integrity} }}`);
    expect(report.warnings).toEqual([]);
  });

  it('stay if others refer to the file, with a warning', async () => {
    const more = { ...files, 'b.css': '@import "page.tpl"' };
    const { report } = await run(newSite(more), [processor(scan)], more);
    expect(report.warnings).toEqual([
      { code: 'integrity-unchanged', message: expect.stringContaining("'page.tpl'") },
    ]);
  });

  it.each([
    [{ start: 0, end: 99, of: 3 }, 'outside the file'],
    [{ start: 11, end: 21, of: 4 }, 'of an unknown reference'],
    [{ start: 5, end: 12, of: 3 }, 'overlaps'],
  ])('are refused at a wrong position: %j', async (integrity, message) => {
    const wrong: Scanner = (bytes) => ({ ...scan(bytes), integrities: [integrity] });
    await expect(run(newSite(files), [processor(wrong)], files)).rejects.toThrow(
      new RegExp(`The scanner for 'page.tpl' failed: .*${message}`),
    );
  });
});

describe('the cache of a processor', () => {
  /** Saves the number of its runs, like any custom processor may, whatever its name. */
  const counting = (name: string, seen: unknown[], cacheVersion?: string): Processor => ({
    name,
    ...(cacheVersion !== undefined && { cacheVersion }),
    process(outputs: readonly Output[], { cache }: ProcessorContext) {
      const before = cache.load();
      seen.push(before);
      cache.save({ runs: ((before as { runs?: number } | undefined)?.runs ?? 0) + 1 });
      return outputs;
    },
  });

  it.each(['compress', 'fingerprint', 'unused files', 'published variants', '__proto__', 'constructor'])(
    'is its own if it is called %s',
    async (name) => {
      const project = newSite();
      const seen: unknown[] = [];
      const processors = () => [counting(name, seen), fingerprint(), compress(), counting(name, seen)];
      const first = await run(project, processors());
      const second = await run(project, processors());
      expect(second.paths).toEqual(first.paths);
      expect(seen).toEqual([undefined, undefined, { runs: 1 }, { runs: 1 }]);
    },
  );

  it('is not shared with an earlier processor of the same name', async () => {
    const project = newSite();
    const seen: unknown[] = [];
    await run(project, [counting('compress', seen)]);
    const { paths } = await run(project, [compress()]);
    expect(paths).toContain('js/a.js.gz');
    await run(project, [counting('compress', seen)]);
    // Its own value, or none if the other processor has saved one since.
    expect([undefined, { runs: 1 }]).toContainEqual(seen[1]);
  });

  it('is empty for another `cacheVersion`', async () => {
    const project = newSite();
    const seen: unknown[] = [];
    for (const version of ['1', '1', '2', '2']) await run(project, [counting('c', seen, version)]);
    expect(seen).toEqual([undefined, { runs: 1 }, undefined, { runs: 1 }]);
  });
});

describe('a warning', () => {
  it('keeps its text if the files change after the run', async () => {
    const files = { 'a.css': 'a{background:url(gone.png)}' };
    const project = newSite(files);
    const { report } = await run(project, [fingerprint({ missing: 'warn' })], files);
    const before = structuredClone(report.warnings.map(({ message }) => message));
    fs.rmSync(project.path('static/a.css'));
    expect(JSON.parse(JSON.stringify(report.warnings))).toEqual([
      { code: 'missing-reference', message: before[0] },
    ]);
    expect(before[0]).toContain("a.css:1:18: 'gone.png' not found.");
    expect(Object.getOwnPropertyDescriptor(report.warnings[0], 'message')).toHaveProperty('value');
  });
});
