import { expect, it, test } from 'vitest';
import { collectstatic } from '../../../src/collectstatic.js';
import type { FingerprintOptions } from '../../../src/processors/fingerprint/options.js';
import { fingerprint } from '../../../src/processors/fingerprint/processor.js';
import { builtSettings } from '../../support/built-settings.js';
import { newProject } from '../../support/project.js';

async function publish(script: string, options?: FingerprintOptions) {
  const project = newProject({ 'a.js': script, 'b.js': '' });
  const names = { 'a.js': 'a.js', 'b.js': 'b.js' };
  const settings = builtSettings(project, names, { processors: [fingerprint(options)] });
  const { warnings } = await collectstatic(settings);
  const copy = Object.entries(project.texts()).find(([name]) => /^a\.\w{12}\.js$/.test(name))?.[1];
  return { warnings: warnings.map(({ message }) => message.replace(/^.*\//, '')), copy };
}

it.each([
  ['types of TypeScript', 'import type { A } from "./gone";\nlet a: A;', '1:13', 'Unexpected token'],
  [
    'two names without a comma',
    'import "./b.js";\nimport {a b} from "./gone.js"',
    '2:11',
    'Unexpected token',
  ],
  ['a declaration without a name', 'let = ; import("./gone.js")', '1:7', 'Unexpected token'],
  [
    'a wrong assignment after a character of two units',
    '"\u{1f600}"; 1 = import("./gone.js")',
    '1:7',
    'Assigning',
  ],
])(
  'a syntax error in a script with missing references is the warning: %s',
  async (_, script, place, reason) => {
    const { warnings, copy } = await publish(script);
    expect(warnings).toEqual([
      expect.stringMatching(`^a\\.js:${place}: not rewritten: invalid JavaScript \\(${reason}.*\\)\\.$`),
    ]);
    expect(copy).toBe(script);
  },
);

test('a missing reference in a valid script is an error', async () => {
  for (const script of ['import "./gone.js"', '#!/usr/bin/node\nwith (a) import("./gone.js")'])
    await expect(publish(script)).rejects.toThrow("'./gone.js' not found.");
});

test('a script with missing references that are ignored is not parsed', async () => {
  const { warnings, copy } = await publish('import type { A } from "./gone"; import "./b.js"', {
    missing: 'ignore',
  });
  expect(warnings).toEqual([]);
  expect(copy).toMatch(/"\.\/b\.\w{12}\.js"/);
});
