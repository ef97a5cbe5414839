import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fingerprintTree, type MemoryTree } from '../in-memory.js';

const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex').slice(0, 12);

const importOf = (index: number) => `import "./m${index}.js";\n`;

/** Modules that import others by number. */
function modules(count: number, importsOf: (index: number) => readonly number[]): MemoryTree {
  const inTree = (index: number) => index < count;
  return new Map(
    Array.from({ length: count }, (_, index) => [
      `m${index}.js`,
      Buffer.from(`// ${index}\n${importsOf(index).filter(inTree).map(importOf).join('')}`),
    ]),
  );
}

const SHAPES: Readonly<Record<string, (index: number, count: number) => readonly number[]>> = {
  'a chain': (index) => [index + 1],
  'a cycle': (index, count) => [(index + 1) % count],
  'a chain whose members all go back to its start': (index) => [index + 1, 0],
  'a net': (index) => [index + 1, index + 7, index + ((index * 7919) % 500)],
  'one that imports all': (index, count) =>
    index === 0 ? Array.from({ length: count - 1 }, (_, other) => other + 1) : [],
};

describe.each(Object.entries(SHAPES))('%s', (_name, importsOf) => {
  it.each([500, 4000])('of %i modules reads each module at most 4 times', async (count) => {
    const { reads, names } = await fingerprintTree(modules(count, (index) => importsOf(index, count)));
    expect(names.size).toBe(count);
    expect(reads).toBeLessThanOrEqual(4 * count);
  });
});

/** 100,000 with `npm run test:large`. */
const COUNT = Number(process.env.STATICFILES_TEST_MODULES ?? 20_000);

describe(`${COUNT} modules`, () => {
  const CYCLE = COUNT * 0.4;
  /** A cycle that refers to a net and a chain. */
  const importsOf = (index: number) => {
    if (index < CYCLE) return [(index + 1) % CYCLE, index + CYCLE];
    return index < COUNT * 0.8 ? [index + 1, index + 13] : [index + 1];
  };

  it('have the right names and references', async () => {
    const { names, published } = await fingerprintTree(modules(COUNT, importsOf));
    const cycle = names.get('m0.js')!.slice('m0.'.length, -'.js'.length);
    for (let index = 0; index < COUNT; index++) {
      const publicPath = names.get(`m${index}.js`)!;
      const bytes = published.get(publicPath)!;
      const targets = importsOf(index).filter((target) => target < COUNT);
      const imports = targets.map((target) => `import "./${names.get(`m${target}.js`)}";\n`).join('');
      if (bytes.toString() !== `// ${index}\n${imports}`) expect.fail(`${publicPath}: ${bytes}`);
      const hash = index < CYCLE ? cycle : md5(bytes);
      if (publicPath !== `m${index}.${hash}.js`) expect.fail(`${publicPath} should have the hash ${hash}`);
    }
  });
});
