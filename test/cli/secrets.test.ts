import { describe, expect, test } from 'vitest';
import { collect } from '../support/command.js';
import { newProject, SETTINGS } from '../support/project.js';

const ADDRESS = 'https://me:hidden-1@cdn.example.com/purge?sig=hidden-2&token=hidden-3';

/** Fails as libraries do: with addresses, headers and causes. */
const FAILING = `
const cause = new AggregateError(
  [Object.assign(new Error('GET ${ADDRESS}'), { headers: { authorization: 'Bearer hidden-4' } })],
  'all of AccountKey=hidden-5;EndpointSuffix=x',
);
export default () => {
  throw Object.assign(new Error('${ADDRESS} was refused', { cause }), { config: { apiKey: 'hidden-6' } });
};`;

const WARNING = `
export default () => ({
  name: 'warning',
  process(outputs, context) {
    context.warn({ code: 'purge', message: '${ADDRESS} is slow.' });
    return outputs;
  },
});`;

const PLUGINS = {
  'a hook': { storages: { staticfiles: { afterPublish: './after-publish.mjs' } } },
  'a storage': { storages: { staticfiles: { backend: './failing.mjs' } } },
  'a processor': { postProcess: ['./processor.mjs'] },
  'a settings file': { staticUrl: 'https://me:hidden-1@cdn.example.com/static' },
  'a warning': { postProcess: ['./warning.mjs'] },
};

const TREE = {
  'static/a.css': 'a {}',
  'failing.mjs': FAILING,
  'after-publish.mjs': `import fail from './failing.mjs';\nexport default () => fail;`,
  'processor.mjs': `import fail from './failing.mjs';\nexport default () => ({ name: 'mine', process: fail });`,
  'warning.mjs': WARNING,
};

describe.concurrent('no credentials are shown', () => {
  test.each(
    Object.entries(PLUGINS).flatMap(([from, settings]) =>
      [['-v', '3'], ['--json'], []].map((argv) => [from, argv, settings] as const),
    ),
  )('of %s, with %j', async (_, argv, settings) => {
    const project = newProject(TREE, { ...SETTINGS, ...settings });
    const { stdout, stderr } = await collect(project, argv);
    expect(stdout + stderr).toContain('cdn.example.com');
    expect(stdout + stderr).not.toContain('hidden');
  });
});
