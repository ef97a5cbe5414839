import { scanCss } from '../../src/references/css/css.js';
import { scanJavaScript } from '../../src/references/javascript/javascript.js';
import { createResolver } from '../../src/references/resolve.js';
import type { Published } from './fingerprint-fixtures.js';

/** To which logical paths the references of a published file lead, in their order; only those to fingerprinted names. */
export function targetsOf(
  logicalPath: string,
  { manifest, rewritten }: Published,
  staticUrl: string,
): string[] {
  const bytes = rewritten.get(logicalPath);
  if (!bytes) return [];
  const scan = /\.css$/i.test(logicalPath) ? scanCss : scanJavaScript;
  const resolve = createResolver(staticUrl);
  const logicalPaths = new Map(
    Object.entries(manifest.paths).map(([name, publicPath]) => [publicPath, name]),
  );
  return scan(bytes).references.flatMap(({ url }) => {
    const resolution = resolve(url, logicalPath);
    const target = 'logicalPath' in resolution ? logicalPaths.get(resolution.logicalPath) : undefined;
    return target === undefined ? [] : [target];
  });
}
