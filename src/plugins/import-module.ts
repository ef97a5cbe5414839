import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The exports of a module. */
export type ModuleExports = Readonly<Record<string, unknown>>;

/**
 * Imports a module: TypeScript through jiti, without its cache on disk, everything else through Node.
 *
 * @param url `file:` URL, or `node:…`
 */
export async function importModule(url: string): Promise<ModuleExports> {
  if (!/\.[mc]?ts$/.test(url)) return import(url);
  const file = fileURLToPath(url);
  const { createJiti } = await import('jiti');
  return createJiti(file, { fsCache: false, interopDefault: false }).import<ModuleExports>(file);
}

/** The default export of a module, also of one that was compiled to CommonJS (`exports.default`, `__esModule`). */
export function defaultExport(module: ModuleExports): unknown {
  const exported = module.default;
  return isCompiled(exported) ? exported.default : exported;
}

function isCompiled(exported: unknown): exported is { readonly default: unknown } {
  return (
    typeof exported === 'object' && exported !== null && '__esModule' in exported && 'default' in exported
  );
}

/** The reason why an import failed, in one line, with file and line if the error has them. */
export function importProblem(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const message = `${error.name}: ${error.message.split('\nRequire stack:')[0]!.replaceAll(/\s+/g, ' ')}`;
  const place = error instanceof SyntaxError ? /^(\S.*:\d+)\n/.exec(error.stack ?? '')?.[1] : undefined;
  return place === undefined ? message : `${message} (${place})`;
}

/** Whether a plug-in's name is the path of a file, and not the name of a built-in or a package. */
export function isModulePath(name: string): boolean {
  return /^\.{1,2}[\\/]/.test(name) || path.isAbsolute(name);
}

/**
 * Returns the URL of the module that an `import` of this path or package would find from a folder
 * (https://nodejs.org/api/esm.html#resolution-algorithm-specification). Node 20 has no function for that:
 * `require.resolve` does not find packages that export for `import` only.
 *
 * @throws the resolver's error if there is no such module
 */
export async function findModule(name: string, baseDir: string): Promise<string> {
  if (isModulePath(name)) return pathToFileURL(path.resolve(baseDir, name)).href;
  const { createJiti } = await import('jiti');
  return createJiti(path.join(baseDir, 'staticfiles.config.js'), { fsCache: false }).esmResolve(name);
}
