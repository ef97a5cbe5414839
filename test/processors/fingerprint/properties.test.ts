import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectedHashes, reachOf, withHash } from '../expected-names.js';
import { type GeneratedTree, generatedTree } from '../generated-tree.js';
import { fingerprintTree, type MemoryTree } from '../in-memory.js';
import { render } from '../rendered-tree.js';

const sourcesOf = (tree: GeneratedTree): MemoryTree =>
  new Map(tree.map((file) => [file.logicalPath, render(file, tree)]));

const RUNS = { numRuns: 100 };

describe('in generated trees', () => {
  it('names and bytes follow the rules', async () => {
    const property = fc.asyncProperty(generatedTree, async (tree) => {
      const { names, published } = await fingerprintTree(sourcesOf(tree));
      const hashes = expectedHashes(tree);
      for (const [index, file] of tree.entries()) {
        const publicPath = withHash(file.logicalPath, hashes[index]!);
        const bytes = render(file, tree, (target) => hashes[target]);
        expect(names.get(file.logicalPath)).toBe(publicPath);
        expect(String(published.get(publicPath))).toBe(String(bytes));
      }
    });
    await fc.assert(property, RUNS);
  });

  it('removing the inserted hashes restores the sources, byte for byte', async () => {
    const property = fc.asyncProperty(generatedTree, async (tree) => {
      const sources = sourcesOf(tree);
      const { names, published } = await fingerprintTree(sources);
      const inserted = [...names].map(([logicalPath, publicPath]) => insertedHash(logicalPath, publicPath));
      for (const [logicalPath, source] of sources) {
        const bytes = published.get(names.get(logicalPath)!)!.toString('latin1');
        const without = inserted.reduce((text, hash) => text.replaceAll(hash, ''), bytes);
        expect(without).toBe(source.toString('latin1'));
        expect(published.get(logicalPath)).toEqual(source);
      }
    });
    await fc.assert(property, RUNS);
  });

  it('an edit renames the file, what depends on it, and nothing else', async () => {
    const property = fc.asyncProperty(generatedTree, fc.nat(), async (tree, at) => {
      const edited = at % tree.length;
      const after = tree.map((file, index) => (index === edited ? { ...file, salt: file.salt + 1 } : file));
      const [before, now] = [await fingerprintTree(sourcesOf(tree)), await fingerprintTree(sourcesOf(after))];
      const reach = reachOf(tree);
      for (const [index, { logicalPath }] of tree.entries()) {
        const renamed = before.names.get(logicalPath) !== now.names.get(logicalPath);
        expect(renamed, logicalPath).toBe(index === edited || reach[index]!.has(edited));
      }
    });
    await fc.assert(property, RUNS);
  });

  it('the order in which files are found changes nothing', async () => {
    const orders = generatedTree.chain((tree) =>
      fc.tuple(fc.constant(tree), fc.shuffledSubarray([...sourcesOf(tree)], { minLength: tree.length })),
    );
    const property = fc.asyncProperty(orders, async ([tree, shuffled]) => {
      const [one, other] = [await fingerprintTree(sourcesOf(tree)), await fingerprintTree(new Map(shuffled))];
      expect(other.names).toEqual(new Map(shuffled.map(([name]) => [name, one.names.get(name)])));
      expect(new Map([...other.published].sort())).toEqual(new Map([...one.published].sort()));
    });
    await fc.assert(property, RUNS);
  });
});

function insertedHash(logicalPath: string, publicPath: string): string {
  const length = publicPath.length - logicalPath.length;
  for (let start = 0; start < publicPath.length; start++)
    if (publicPath.slice(0, start) + publicPath.slice(start + length) === logicalPath)
      return publicPath.slice(start, start + length);
  throw new Error(`'${publicPath}' is not '${logicalPath}' with a hash in it.`);
}
