import path from 'node:path';

/** All that is in the file of a facade: `export { k as collectstatic } from "./collect.js";`. */
const FACADE = /^export \{ ([^}]+) \} from "(\.[^"]+)";\s*$/;

const LAZY_IMPORT = /\bimport\("(\.[^"]+)"\)/g;

/**
 * Returns the texts of the files of a bundle. A lazy import of one module in a chunk goes to the chunk itself: the bundler
 * puts a file with the module's exports in between (https://github.com/rolldown/rolldown/issues/9729), and each file that
 * is opened takes time at start.
 *
 * @returns text by file name
 */
export function withoutFacades(output) {
  const facades = new Map(
    output.flatMap(({ fileName, code, isEntry }) => {
      const target = isEntry ? undefined : facadeOf(fileName, code);
      return target === undefined ? [] : [[fileName, target]];
    }),
  );
  return output
    .filter(({ fileName }) => !facades.has(fileName))
    .map(({ fileName, code }) => [
      fileName,
      code.replace(LAZY_IMPORT, (lazyImport, specifier) => {
        const facade = facades.get(path.posix.join(path.posix.dirname(fileName), specifier));
        return facade === undefined ? lazyImport : throughChunk(fileName, facade);
      }),
    ]);
}

/** The chunk behind a facade, and pairs of an export's name in the chunk and in the facade. */
function facadeOf(fileName, code) {
  const [, specifiers, specifier] = FACADE.exec(code) ?? [];
  if (specifier === undefined) return undefined;
  return {
    chunk: path.posix.join(path.posix.dirname(fileName), specifier),
    names: specifiers.split(', ').map((each) => {
      const [inChunk, name = inChunk] = each.split(' as ');
      return [inChunk, name];
    }),
  };
}

function throughChunk(fileName, { chunk, names }) {
  const specifier = path.posix.relative(path.posix.dirname(fileName), chunk);
  const exports = names.map(([inChunk, name]) => `${name}: chunk.${inChunk}`).join(', ');
  return `import("${specifier.startsWith('.') ? specifier : `./${specifier}`}").then((chunk) => ({ ${exports} }))`;
}
