import { describe, expect, test } from 'vitest';
import { createAnswerer } from '../../../src/serve/answering/answer-requests.js';
import { headerPolicy } from '../../../src/serve/answering/header-policy.js';
import type { PageRules } from '../../../src/serve/answering/mount.js';

const get = (url: string, accept = '*/*') => ({ method: 'GET', url, headers: { accept } });

/** An answerer without files, and the names that were looked up. */
function emptyAnswerer({ live = false, pages }: { live?: boolean; pages?: PageRules } = {}) {
  const names: string[] = [];
  const source = {
    live,
    find(name: string) {
      names.push(name);
      return undefined;
    },
    isFingerprint: (name: string) => name.includes('.hash.'),
  };
  const { answer } = createAnswerer({
    mounts: [{ base: '/static/', source, leaves: 'none', pages }],
    policy: headerPolicy({}),
    cacheSize: 0,
  });
  return { answer, names };
}

describe('a name that no file has', () => {
  test('is looked up once', () => {
    const { answer, names } = emptyAnswerer();
    const answers = [answer(get('/static/none.js')), answer(get('/static/none.js?v=1'))];
    for (const each of answers) expect(each).toMatchObject({ status: 404 });
    expect(answer({ ...get('/static/none.js'), method: 'HEAD' })).toMatchObject({ status: 404 });
    expect(answer({ ...get('/static/none.js'), method: 'POST' })).toMatchObject({ status: 405 });
    expect(names.filter((name) => name === 'none.js')).toHaveLength(2); // for GET, and for POST
  });

  test.each([
    ['with a fingerprint, because another release may have it', 'a.hash.js', {}],
    ['in development', 'none.js', { live: true }],
    ['if it may be a page', 'none', { pages: { indexFiles: [], extensions: ['html'] } }],
    ['if there is a fallback', 'none', { pages: { indexFiles: [], extensions: [], fallback: 'index.html' } }],
    ['that is too long to be remembered', 'n'.repeat(300), {}],
  ])('is looked up each time %s', (_, name, options) => {
    const { answer, names } = emptyAnswerer(options);
    for (let times = 0; times < 2; times++) answer(get(`/static/${name}`));
    expect(names.filter((each) => each === name)).toHaveLength(2);
  });
});
