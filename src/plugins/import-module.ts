import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** A module's namespace. */
export type ModuleExports = Readonly<Record<string, unknown>>;

/**
 * Imports a module: TypeScript through jiti, which writes no cache, everything else as Node does.
 *
 * @param url - `file:` URL, or `node:…`
 */
export async function importModule(url: string): Promise<ModuleExports> {
  if (!/\.[mc]?ts$/.test(url)) return import(url);
  const file = fileURLToPath(url);
  const { createJiti } = await import('jiti');
  return createJiti(file, { fsCache: false, interopDefault: false }).import<ModuleExports>(file);
}

/** A module's default export, also where a compiler made CommonJS of it (`exports.default`, `__esModule`). */
export function defaultExport(module: ModuleExports): unknown {
  const exported = module.default;
  return isCompiled(exported) ? exported.default : exported;
}

function isCompiled(exported: unknown): exported is { readonly default: unknown } {
  return (
    typeof exported === 'object' && exported !== null && '__esModule' in exported && 'default' in exported
  );
}

/** In one line, why an import failed, with the place where the error tells it. */
export function importProblem(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const message = `${error.name}: ${error.message.split('\nRequire stack:')[0]!.replaceAll(/\s+/g, ' ')}`;
  const place = error instanceof SyntaxError ? /^(\S.*:\d+)\n/.exec(error.stack ?? '')?.[1] : undefined;
  return place === undefined ? message : `${message} (${place})`;
}

/** Whether a plug-in's name is the path of a file, and not that of a built-in or a package. */
export function isModulePath(name: string): boolean {
  return /^\.{1,2}[\\/]/.test(name) || path.isAbsolute(name);
}

/**
 * The URL of the module that a path or a package's name stands for, seen from a folder, as an `import` there
 * would find it (https://nodejs.org/api/esm.html#resolution-algorithm-specification). Node 20 itself has no
 * function for that: `require.resolve` does not find packages made for `import` only.
 *
 * @throws the resolver's error, where there is none
 */
export async function findModule(name: string, baseDir: string): Promise<string> {
  if (isModulePath(name)) return pathToFileURL(path.resolve(baseDir, name)).href;
  const { createJiti } = await import('jiti');
  return createJiti(path.join(baseDir, 'staticfiles.config.js'), { fsCache: false }).esmResolve(name);
}
