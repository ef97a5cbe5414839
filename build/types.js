// Bundles the declarations that tsc has written to dist/.types/. So types of bundled packages are left out with what needs
// them, and an application needs none of these packages.
import fs from 'node:fs';
import path from 'node:path';
import { rolldown } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';

const DIST = path.resolve(import.meta.dirname, '../dist');
const DECLARED = path.join(DIST, '.types');
const { exports, dependencies, peerDependencies } = JSON.parse(
  fs.readFileSync(path.resolve(DIST, '../package.json'), 'utf8'),
);

const entries = Object.values(exports).flatMap(({ types }) =>
  types === undefined ? [] : path.relative('dist', types).replace('.d.ts', ''),
);
const bundle = await rolldown({
  input: Object.fromEntries(entries.map((name) => [name, path.join(DECLARED, `${name}.d.ts`)])),
  external: [/^node:/, ...Object.keys({ ...dependencies, ...peerDependencies })],
  plugins: [dts({ dtsInput: true, emitDtsOnly: true, sourcemap: false })],
});
await bundle.write({ dir: DIST, entryFileNames: '[name].d.ts', chunkFileNames: 'types/[name].d.ts' });
await bundle.close();
fs.rmSync(DECLARED, { recursive: true });
