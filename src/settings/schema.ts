import * as v from 'valibot';
import type { AfterPublish } from '../cdn/after-publish.js';
import { isReleaseId } from '../manifest/release.js';
import { isPublishable } from '../model/public-path.js';
import { oneOf, path, record, strict, text } from '../plugins/options.js';
import { isRecord } from '../text/json.js';

// A message here names what is expected: "staticRoot: expected a path, got 42." is put together around it.
// test/settings/settings-schema.ts turns these schemas into schemas/settings.json.

const isString = (input: unknown) => typeof input === 'string';

const otherwise = () => true;

/** A plug-in's name, or the plug-in itself; its methods are checked when it is used. */
function nameOrValue(expected: string) {
  return oneOf<string | object>([isString, text], [otherwise, v.custom<object>(isRecord, expected)]);
}

const options = record('an object');

const PROCESSOR = "a processor's name, [name, options], or an object with the method process()";

const processorEntry = oneOf<unknown>(
  [Array.isArray, v.strictTuple([text, options], PROCESSOR)],
  [otherwise, nameOrValue(PROCESSOR)],
);

export const ignorePatterns = v.array(text, 'a list of ignore patterns');

/** Which files of a folder are taken. `files` is what package.json calls `include`. */
const partOfFolder = {
  include: v.optional(v.array(text, 'a list of patterns')),
  files: v.optional(v.array(text, 'a list of patterns')),
  ignore: v.optional(ignorePatterns),
};

interface PartOfFolder {
  include?: string[] | undefined;
  files?: string[] | undefined;
  ignore?: string[] | undefined;
}

const STATIC_DIR = 'a path, a [prefix, path] pair or {prefix, dir, include, ignore}';

/** An entry of `staticfilesDirs`. */
export const staticFilesDir = oneOf<
  string | [string, string] | ({ prefix?: string | undefined; dir: string } & PartOfFolder)
>(
  [isString, path],
  [Array.isArray, v.strictTuple([v.string('a prefix'), path], STATIC_DIR)],
  [otherwise, strict({ prefix: v.optional(v.string('a prefix')), dir: path, ...partOfFolder }, STATIC_DIR)],
);

const APP = "a folder, a glob of folders, a package's name or {app, dir, prefix, include, ignore}";

/** An entry of `installedApps`. */
export const installedApp = oneOf<
  string | ({ app: string; dir?: string | undefined; prefix?: string | undefined } & PartOfFolder)
>(
  [isString, path],
  [
    otherwise,
    strict(
      { app: path, dir: v.optional(path), prefix: v.optional(v.string('a prefix')), ...partOfFolder },
      APP,
    ),
  ],
);

const backend = v.optional(nameOrValue("a storage's name or an object with a storage's methods"));

const noOptions = v.undefined('no options, as the backend is an object');

/** A storage with options, or an object in place of both. */
function storageSchema<Others extends v.ObjectEntries>(others: Others, expected: string) {
  return oneOf<unknown>(
    [
      (input) => isRecord(input) && isRecord(input.backend),
      strict({ backend, options: v.optional(noOptions), ...others }, expected),
    ],
    [otherwise, strict({ backend, options: v.optional(options), ...others }, expected)],
  );
}

const AFTER_PUBLISH = "a hook's name, [name, options], or a function";

const afterPublish = oneOf<unknown>(
  [Array.isArray, v.strictTuple([text, options], AFTER_PUBLISH)],
  [isString, text],
  [otherwise, v.custom<AfterPublish>((input) => typeof input === 'function', AFTER_PUBLISH)],
);

const MANIFEST_NAME = "a file name that ends in .json, such as 'staticfiles.json'";

const manifest = strict(
  {
    name: v.optional(v.pipe(v.string(MANIFEST_NAME), v.regex(/^[^./\\\0][^/\\\0]*\.json$/, MANIFEST_NAME))),
    storage: v.optional(storageSchema({}, 'an object with the keys backend and options')),
  },
  'an object with the keys name and storage',
);

const RELEASE_ID = "'auto', or a folder's name such as 'v42': no slashes, no dot at its start";

/** The id of a release, or `auto`. */
export const releaseId = v.pipe(v.string(RELEASE_ID), v.check(isReleaseId, RELEASE_ID));

const importMapEntries = v.pipe(
  v.custom<Record<string, unknown>>(isRecord, 'an object of logical paths by specifier'),
  v.record(text, v.string('a logical path or URL')),
  v.check(
    (entries) => Object.entries(entries).every(([key, target]) => !key.endsWith('/') || target.endsWith('/')),
    "entries in which a specifier that ends in '/' has a target that ends in '/'",
  ),
);

const IMPORT_MAP_FILE = "a path below the static root that ends in .json, such as 'importmap.json'";

const importMapFile = v.pipe(
  v.string(IMPORT_MAP_FILE),
  v.regex(/^[^\\]*[^/\\]\.json$/, IMPORT_MAP_FILE),
  v.check(isPublishable, IMPORT_MAP_FILE),
);

/** The key by which editors find the JSON schema. It is not a setting. */
export const SCHEMA_KEY = '$schema';

/** The settings by key. Entries of `staticfilesDirs` and `installedApps` are checked one by one, with codes of their own. */
export const settingsSchemas = {
  staticRoot: path,
  staticUrl: text,
  staticfilesDirs: v.array(v.unknown(), 'a list'),
  installedApps: v.array(v.unknown(), 'a list'),
  staticfilesFinders: v.array(nameOrValue("a finder's name or an object with a finder's methods"), 'a list'),
  storages: strict(
    {
      staticfiles: storageSchema(
        { afterPublish: v.optional(afterPublish) },
        'an object with the keys backend, options and afterPublish',
      ),
    },
    'an object with the key staticfiles',
  ),
  postProcess: v.array(processorEntry, 'a list'),
  manifest,
  release: strict({ id: releaseId }, 'an object with the key id'),
  importmap: strict(
    { entries: importMapEntries, file: v.optional(importMapFile) },
    'an object with the keys entries and file',
  ),
  ignore: ignorePatterns,
  defaultIgnore: ignorePatterns,
  conflicts: v.picklist(['allow', 'error'], "'allow' or 'error'"),
  vendorLinks: v.picklist(['warn', 'error', 'allow'], "'warn', 'error' or 'allow'"),
  cacheDir: path,
  mediaRoot: path,
  mediaUrl: text,
} satisfies Record<string, v.GenericSchema>;
