import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fingerprintTree, treeOf } from '../in-memory.js';

const hashOf = (algorithm: string, text: string) =>
  `${algorithm}-${createHash(algorithm).update(text).digest('base64')}`;

/** A policy with hashes, in an attribute. */
const policy = (...hashes: readonly string[]) =>
  `<meta http-equiv="content-security-policy" content="script-src 'self' ${hashes.map((hash) => `'${hash}'`).join(' ')}">`;

const FILES = { 'a.png': 'png', 'a.js': 'js', 'a.css': 'a{b:url(a.png)}' };

async function publish(page: string, options: object = {}) {
  const { names, published, warnings } = await fingerprintTree(treeOf({ ...FILES, 'index.html': page }), {
    references: { html: true },
    ...options,
  });
  return {
    page: published.get('index.html')!.toString(),
    warnings,
    named: (text: string) => text.replace(/a\.(png|js|css)/g, (name) => names.get(name)!),
    integrity: (name: string) => hashOf('sha384', published.get(names.get(name)!)!.toString()),
  };
}

describe('the policy of a page', () => {
  const script = 'import("./a.js")';
  const style = 'a{b:url(a.png)}';

  it.each(['sha256', 'sha384', 'sha512'])(
    'has the %s hashes of its inline texts as published',
    async (algorithm) => {
      const rest = `<style>${style}</style><script type=module>${script}</script>`;
      const source = policy(hashOf(algorithm, style), hashOf(algorithm, script), 'sha256-other=') + rest;
      const { page, named } = await publish(source);
      expect(page).toBe(
        policy(hashOf(algorithm, named(style)), hashOf(algorithm, named(script)), 'sha256-other=') +
          named(rest),
      );
    },
  );

  it('may follow them, and use the alphabet of URLs', async () => {
    // Texts that need both special characters of Base64.
    const text = `${script}/* 5 */`;
    const hash = hashOf('sha256', text);
    const written = hash.replaceAll('+', '-').replaceAll('/', '_');
    const { page, named } = await publish(`<script>${text}</script>${policy(written)}`);
    expect(page).toBe(`<script>${named(text)}</script>${policy(hashOf('sha256', named(text)))}`);
  });

  it('has the hashes of texts with newlines of Windows as browsers compute them', async () => {
    const text = `\r\n${script}\r\n`;
    const parsed = text.replaceAll('\r\n', '\n');
    const { page, named } = await publish(`${policy(hashOf('sha256', parsed))}<script>${text}</script>`);
    expect(page).toBe(`${policy(hashOf('sha256', named(parsed)))}<script>${named(text)}</script>`);
  });

  it('has the hashes of style attributes', async () => {
    const value = 'b: url("a.png")';
    const attribute = `<p style="${value.replaceAll('"', '&quot;')}">`;
    const { page, named } = await publish(policy(hashOf('sha256', value)) + attribute);
    expect(page).toBe(policy(hashOf('sha256', named(value))) + named(attribute));
  });

  it('has the hash of an import map after its integrity values are updated', async () => {
    const map = `{"imports":{"a":"./a.js"},"integrity":{"./a.js":"sha384-old"}}`;
    const { page, named, integrity } = await publish(
      `${policy(hashOf('sha256', map))}<script type=importmap>${map}</script>`,
    );
    const updated = named(map).replace('sha384-old', integrity('a.js'));
    expect(page).toBe(`${policy(hashOf('sha256', updated))}<script type=importmap>${updated}</script>`);
  });

  it('has the integrity of an external script that it allows by hash', async () => {
    const { page, integrity } = await publish(
      `${policy('sha256-b2xk')}<script src="a.js" integrity="sha256-b2xk"></script>`,
    );
    expect(page.match(/sha\d+-[^"']+/g)).toEqual([integrity('a.js'), integrity('a.js')]);
  });

  it('stays as it is if nothing in its texts is rewritten', async () => {
    const source = `${policy(hashOf('sha256', 'x()'))}<script>x()</script><img src="a.png">`;
    const { page, named } = await publish(source);
    expect(page).toBe(named(source));
  });
});

describe('hashes that a custom scanner finds', () => {
  const file = `hash sha256-old text`;
  const publishAs = (inlineHash: object) => {
    const scan = () => ({
      ...{ references: [], skipped: [], warnings: [] },
      inlineHashes: [{ start: 5, end: 15, contentStart: 16, contentEnd: 20, ...inlineHash }],
    });
    const options = { references: { scanners: [{ files: '*.tpl', scan }] }, exclude: ['*.tpl'] };
    return fingerprintTree(treeOf({ 'page.tpl': file }), options);
  };

  it('stay as they are if nothing in their text is rewritten', async () => {
    expect((await publishAs({})).published.get('page.tpl')!.toString()).toBe(file);
  });

  it.each([
    [{ end: 99 }, 'outside the file'],
    [{ start: 1.5 }, 'outside the file'],
  ])('are refused at a wrong position: %j', async (change, message) => {
    await expect(publishAs(change)).rejects.toThrow(message);
  });
});
