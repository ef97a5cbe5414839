import path from 'node:path';
import { BUILTIN } from './builtins.js';

/**
 * The chunks, each with the modules and packages by which it is entered: what is imported lazily, and entries of the
 * package. A chunk has all that comes with them, except what an earlier chunk has. So it imports earlier chunks only, and
 * nothing lazy comes with it unless it is listed here.
 */
const CHUNKS = {
  // Imports nothing, and so goes anywhere, into a Worker for example.
  lookup: ['runtime/lookup', 'runtime/tags', 'runtime/templates/locals'],
  // What two of `APART` share.
  base: [],
  runtime: ['runtime/index'],
  serving: ['serve/index', 'serve/adapters/fastify', 'serve/adapters/fetch', 'serve/adapters/koa'],
  // A plain run, into a folder.
  collect: [
    'cli/progress',
    'cli/reporters/human',
    'cli/reporters/json',
    'ci-info',
    'collectstatic',
    'env-paths',
    'findstatic',
    'processors/compress/processor',
    'processors/fingerprint/processor',
    'settings/close-storages',
    'settings/load',
    'storages/filesystem/options',
  ],
  fingerprint: ['processors/fingerprint/fingerprint', 'references/css/css'],
  scripts: ['references/javascript/javascript', 'references/javascript/syntax-error'],
  'json-parser': ['settings/json-with-comments'],
  markup: [
    'references/json/web-manifest',
    'references/markup/html',
    'references/markup/svg',
    'references/strings/json-strings',
    'references/strings/markup-strings',
    'references/strings/playlist-strings',
    'references/strings/script-strings',
  ],
  'media-types': ['compressible', 'mime-types'],
  compress: ['cache/prune-cache', 'model/encode', 'processors/compress/compress'],
  services: [
    'cdn/cloudfront/cloudfront',
    'storages/azure/azure',
    'storages/gcs/gcs',
    'storages/rsync/rsync',
    'storages/s3/s3',
  ],
  proxy: ['plugins/proxied-agent'],
  commands: [
    'apply-plan',
    'cli/output-files',
    'cli/prompt',
    'cli/serving/http-server',
    'cli/serving/serve-by-workers',
    'cli/serving/worker-terminal',
    'explain',
    'pipeline/plan-file',
    'pipeline/read-plan-file',
    'prune/during-collect',
    'prune/prune',
    'releases/activate',
    'releases/diff',
    'releases/list',
    'releases/remove',
    'watchstatic',
  ],
  development: [
    'runtime/dev',
    'runtime/newer-sources',
    'runtime/project',
    'serve/dev/allowed-hosts',
    'serve/dev/dev-mounts',
  ],
};

/** The chunks of an application that reads or serves a manifest. */
const APPLICATION = ['runtime', 'serving'];

/** What two of these share is in the chunk `base`, so that none of them comes with another. */
const APART = [
  ['cli/main'],
  APPLICATION.flatMap((chunk) => CHUNKS[chunk]),
  Object.entries(CHUNKS).flatMap(([chunk, names]) =>
    [...APPLICATION, 'lookup', 'development'].includes(chunk) ? [] : names,
  ),
];

/**
 * Puts modules into chunks.
 *
 * @param src the absolute folder of the sources
 * @returns a plug-in that looks at the finished graph, and the `groups` of the output, which ask for its result
 */
export function chunking(src) {
  /** Chunk by module. */
  const chunks = new Map();
  const plugin = {
    name: 'chunks',
    buildEnd(error) {
      if (!error) assignChunks(chunks, graphOf(this, src), src);
    },
  };
  const groups = Object.keys(CHUNKS).map((chunk, index, all) => ({
    name: `chunks/${chunk}`,
    priority: all.length - index,
    test: (id) => chunks.get(id) === chunk,
  }));
  return { plugin, groups };
}

function assignChunks(chunks, { ids, behind, lazy }, src) {
  const apart = APART.map(behind);
  const shared = ids.filter(
    (id) => id.startsWith(BUILTIN) || apart.filter((modules) => modules.has(id)).length > 1,
  );
  for (const [chunk, names] of Object.entries(CHUNKS)) {
    for (const id of chunk === 'base' ? shared : behind(names)) if (!chunks.has(id)) chunks.set(id, chunk);
  }
  const missing = lazy.filter((id) => id.startsWith(src) && !chunks.has(id));
  if (missing.length > 0)
    throw new Error(
      `Imported lazily, and in no chunk of build/chunks.js: ${[...new Set(missing)].join(', ')}.`,
    );
}

/** What is asked of the bundler's graph: all modules, those behind some by name, and those that are imported lazily. */
function graphOf(context, src) {
  const ids = [...context.getModuleIds()].filter((id) => !context.getModuleInfo(id).isExternal);
  const named = (name) => {
    const found = ids.filter(
      (id) => id === path.join(src, `${name}.ts`) || id.includes(`/node_modules/${name}/`),
    );
    if (found.length === 0) throw new Error(`build/chunks.js: there is no module or package '${name}'.`);
    return found;
  };
  const behind = (names) => {
    const modules = new Set(names.flatMap(named));
    for (const id of modules)
      for (const imported of context.getModuleInfo(id).importedIds)
        if (ids.includes(imported)) modules.add(imported);
    return modules;
  };
  return { ids, behind, lazy: ids.flatMap((id) => context.getModuleInfo(id).dynamicallyImportedIds) };
}
