// The look-up stays small and free of imports, so that it can go anywhere, into a Worker for example.
import { build } from 'esbuild';

const ENTRY = 'dist/runtime/lookup.js';
const LIMIT = 2048;

const { outputFiles, metafile } = await build({
  entryPoints: [ENTRY],
  bundle: true,
  minify: true,
  format: 'esm',
  write: false,
  metafile: true,
  packages: 'external',
});
const bytes = outputFiles[0].contents.length;
const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.map(({ path }) => path));

process.stdout.write(`${ENTRY}: ${bytes} bytes minified, at most ${LIMIT}; ${imports.length} imports\n`);
if (bytes > LIMIT) throw new Error(`${ENTRY} has grown to ${bytes} bytes, ${bytes - LIMIT} too many.`);
if (imports.length > 0) throw new Error(`${ENTRY} imports ${imports.join(', ')}.`);
