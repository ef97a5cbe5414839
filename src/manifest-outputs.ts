import type { Output } from './output.js';

/** The output that publishes a manifest, or the details beside it. */
export function manifestOutput(name: string, bytes: Uint8Array): Output {
  return { logicalPath: name, publicPath: name, body: { bytes }, role: 'manifest' };
}

/** The output that publishes the import map as a file of its own. */
export function importMapOutput(file: string, importMap: object): Output {
  const bytes = Buffer.from(`${JSON.stringify(importMap, null, 2)}\n`);
  return { logicalPath: file, publicPath: file, body: { bytes } };
}
