import path from 'node:path';

/** All that is in the file of a facade: `export { k as collectstatic } from "./collect.js";`. */
const FACADE = /^export \{ ([^}]+) \} from "(\.[^"]+)";\s*$/;

/** All that is in the file of a facade of a CommonJS module, which runs when its function is called. */
const REQUIRED = /^import \{ (\S+) as (\S+) \} from "(\.[^"]+)";\s*export default \2\(\);\s*export \{\};\s*$/;

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

/** The chunk behind a facade, and how the value of each of the facade's exports is got from the chunk. */
function facadeOf(fileName, code) {
  const beside = (specifier) => path.posix.join(path.posix.dirname(fileName), specifier);
  const [, specifiers, from] = FACADE.exec(code) ?? [];
  if (from !== undefined) {
    const exports = specifiers.split(', ').map((each) => {
      const [inChunk, name = inChunk] = each.split(' as ');
      return `${name}: chunk.${inChunk}`;
    });
    return { chunk: beside(from), exports };
  }
  const [, load, , fromRequired] = REQUIRED.exec(code) ?? [];
  return load === undefined
    ? undefined
    : { chunk: beside(fromRequired), exports: [`default: chunk.${load}()`] };
}

function throughChunk(fileName, { chunk, exports }) {
  const relative = path.posix.relative(path.posix.dirname(fileName), chunk);
  const specifier = relative.startsWith('.') ? relative : `./${relative}`;
  return `import("${specifier}").then((chunk) => ({ ${exports.join(', ')} }))`;
}
