import { isBuiltin } from 'node:module';
import process from 'node:process';

/** What runs load at once. */
const EAGER = ['events', 'fs', 'module', 'os', 'path', 'process', 'stream', 'timers/promises', 'url', 'util'];

/** What takes milliseconds to load, and what many runs never call. */
const LAZY = ['child_process', 'crypto', 'stream/promises', 'v8', 'worker_threads'];

export const BUILTIN = '\0builtin:';

/** A module of Node as packages in CommonJS get it. */
const REQUIRED = `${BUILTIN}required `;

/** Modules of threads, and the bundler's helpers, which import no chunk. */
const NEEDED_AT_ONCE = /-worker\.ts$|^\0rolldown/;

/**
 * Gets modules of Node by `process.getBuiltinModule()`. An `import` of one would read all its exports, and load what is
 * behind getters: `import fs from 'node:fs'` loads `fs.promises`, which takes milliseconds. A function of a lazy one
 * loads its module when it is called.
 */
export function builtins() {
  return {
    name: 'builtins',
    resolveId(id, importer, { kind }) {
      if (!isBuiltin(id)) return undefined;
      const name = id.replace('node:', '');
      if (kind === 'require-call') return REQUIRED + name;
      const isRewritten = kind === 'import-statement' && [...EAGER, ...LAZY].includes(name);
      if (!isRewritten || NEEDED_AT_ONCE.test(importer)) return undefined;
      return { id: BUILTIN + name, moduleSideEffects: false };
    },
    load(id) {
      if (id.startsWith(REQUIRED)) return requiredCode(id.slice(REQUIRED.length));
      return id.startsWith(BUILTIN) ? code(id.slice(BUILTIN.length)) : undefined;
    },
  };
}

function requiredCode(name) {
  // commander loads it for commands that are programs of their own, and we have none.
  return name === 'child_process'
    ? `exports.spawn = (...args) => process.getBuiltinModule('node:child_process').spawn(...args);`
    : `module.exports = process.getBuiltinModule('node:${name}');`;
}

function code(name) {
  const module = `process.getBuiltinModule(${JSON.stringify(`node:${name}`)})`;
  const exports = Object.entries(Object.getOwnPropertyDescriptors(process.getBuiltinModule(name))).map(
    ([key, { value }]) =>
      LAZY.includes(name) && isBare(value)
        ? lazyFunction(key, module)
        : eager(`const ${key} =`, `${module}.${key}`),
  );
  return [...exports, ...(LAZY.includes(name) ? [] : [eager('default', module)])].join('\n');
}

/** Whether a value is a function or class without properties of its own: these could not be read through another one. */
function isBare(value) {
  return (
    typeof value === 'function' &&
    Object.getOwnPropertyNames(value).every((key) => ['length', 'name', 'prototype'].includes(key))
  );
}

function lazyFunction(key, module) {
  return `let $${key};
    export function ${key}(...args) {
      $${key} ??= ${module}.${key};
      return new.target ? new $${key}(...args) : $${key}(...args);
    }`;
}

/** Marked as pure, so that what nobody imports is left out. */
function eager(declared, value) {
  return `export ${declared} /* @__PURE__ */ (() => ${value})();`;
}
