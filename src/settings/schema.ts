import * as v from 'valibot';
import type { AfterPublish } from '../cdn/after-publish.js';
import type { Finder } from '../finders/finder.js';
import { isReleaseId } from '../manifest/release.js';
import { isPublishable } from '../model/public-path.js';
import type { Processor } from '../processors/processor.js';
import type { Storage } from '../storages/storage.js';
import { isRecord } from '../text/json.js';
import type { AfterPublishEntry } from './settings.js';

// A message here says what is allowed: "staticRoot is 42; expected a path." is put together around it.

const path = v.pipe(
  v.string('a path'),
  v.nonEmpty('a path that is not empty'),
  v.excludes('\0', 'a path without NUL characters'),
);

const text = v.pipe(v.string('a string'), v.nonEmpty('a string that is not empty'));

/**
 * An object with these keys and no others. (`strictObject` would tell of the first unknown key only, and both take
 * lists for objects.) The message about an unknown key is the list of the known ones, for a suggestion.
 */
export function strict<Entries extends v.ObjectEntries>(entries: Entries, allowed: string) {
  type Output = v.InferOutput<v.ObjectSchema<Entries, undefined>>;
  const object = v.objectWithRest(entries, v.never(Object.keys(entries).join(',')), allowed);
  const anyObject = v.custom<Output>(isRecord, allowed);
  return v.lazy((input): v.GenericSchema<unknown, Output> => (isRecord(input) ? object : anyObject));
}

/** A plug-in by value; whether it has its methods is looked at when it is put in place. */
function plugin<Plugin>(allowed: string) {
  return v.custom<Plugin>(isRecord, allowed);
}

function nameOr<Plugin>(allowed: string) {
  const value = plugin<Plugin>(allowed);
  return v.lazy(
    (input): v.GenericSchema<unknown, string | Plugin> => (typeof input === 'string' ? text : value),
  );
}

const options = v.custom<Readonly<Record<string, unknown>>>(isRecord, 'an object');

const PROCESSOR = "a processor's name, [name, options], or an object with the method process()";

const processorEntry = v.lazy((input) =>
  Array.isArray(input) ? v.strictTuple([text, options], PROCESSOR) : nameOr<Processor>(PROCESSOR),
);

/** An entry of `staticfilesDirs`. */
export const staticFilesDir = v.lazy((input) => {
  if (typeof input === 'string') return path;
  const allowed = 'a path, a [prefix, path] pair or {prefix, dir}';
  if (Array.isArray(input)) return v.strictTuple([v.string('a prefix'), path], allowed);
  return strict({ prefix: v.optional(v.string('a prefix')), dir: path }, allowed);
});

/** An entry of `installedApps`. */
export const installedApp = v.lazy((input) => {
  if (typeof input === 'string') return path;
  const allowed = "a folder, a glob of folders, a package's name or {app, dir, prefix}";
  return strict({ app: path, dir: v.optional(path), prefix: v.optional(v.string('a prefix')) }, allowed);
});

/** The storage itself says what permissions may be. */
const filesystemOptions = strict(
  {
    location: v.optional(path),
    filePermissions: v.optional(v.unknown()),
    directoryPermissions: v.optional(v.unknown()),
    durable: v.optional(v.boolean('true or false')),
  },
  'an object',
);

/** By the storage's name. Other storages look at their options themselves. */
const storageOptions: Readonly<Record<string, v.GenericSchema<unknown, object>>> = {
  filesystem: filesystemOptions,
};

function storageSchema<Others extends v.ObjectEntries>(others: Others, allowed: string) {
  return v.lazy((input) => strict({ ...storageEntries(input), ...others }, allowed));
}

function storageEntries(input: unknown) {
  const backend = isRecord(input) ? (input.backend ?? 'filesystem') : undefined;
  const known = typeof backend === 'string' && Object.hasOwn(storageOptions, backend);
  const noOptions = v.undefined('no options, as the backend is a value');
  return {
    backend: v.optional(nameOr<Storage>("a storage's name or an object with a storage's methods")),
    options: v.optional(known ? storageOptions[backend]! : isRecord(backend) ? noOptions : options),
  };
}

const AFTER_PUBLISH = "a hook's name, [name, options], or a function";

const hook = v.custom<AfterPublish>((input) => typeof input === 'function', AFTER_PUBLISH);

const afterPublishEntry = v.lazy((input): v.GenericSchema<unknown, AfterPublishEntry> => {
  if (Array.isArray(input)) return v.strictTuple([text, options], AFTER_PUBLISH);
  return typeof input === 'string' ? text : hook;
});

const storageEntry = storageSchema({}, 'an object with the keys backend and options');

const staticfilesEntry = storageSchema(
  { afterPublish: v.optional(afterPublishEntry) },
  'an object with the keys backend, options and afterPublish',
);

const MANIFEST_NAME = "a file name that ends in .json, such as 'staticfiles.json'";

const manifestName = v.pipe(v.string(MANIFEST_NAME), v.regex(/^[^./\\\0][^/\\\0]*\.json$/, MANIFEST_NAME));

const manifest = strict(
  { name: v.optional(manifestName), storage: v.optional(storageEntry) },
  'an object with the keys name and storage',
);

const RELEASE_ID = "'auto', or a folder's name such as 'v42': no slashes, no dot at its start";

export const releaseId = v.pipe(v.string(RELEASE_ID), v.check(isReleaseId, RELEASE_ID));

const release = strict({ id: releaseId }, 'an object with the key id');

const importMapEntries = v.pipe(
  v.custom<Record<string, unknown>>(isRecord, 'an object of logical paths by specifier'),
  v.record(text, v.string('a logical path or URL')),
  v.check(
    (entries) => Object.entries(entries).every(([key, target]) => !key.endsWith('/') || target.endsWith('/')),
    "entries of which a specifier that ends in '/' leads to a folder that ends in '/'",
  ),
);

const IMPORT_MAP_FILE = "a path below the static root that ends in .json, such as 'importmap.json'";

const importMapFile = v.pipe(
  v.string(IMPORT_MAP_FILE),
  v.check((file) => isPublishable(file) && /^[^\\]*[^/\\]\.json$/.test(file), IMPORT_MAP_FILE),
);

const importmap = strict(
  { entries: importMapEntries, file: v.optional(importMapFile) },
  'an object with the keys entries and file',
);

export const ignorePatterns = v.array(text, 'a list of fnmatch patterns');

/** The settings, key by key. The lists whose entries are checked one at a time are only lists here. */
export const settingsSchemas = {
  staticRoot: path,
  staticUrl: text,
  staticfilesDirs: v.array(v.unknown(), 'a list'),
  installedApps: v.array(v.unknown(), 'a list'),
  staticfilesFinders: v.array(
    nameOr<Finder>("a finder's name or an object with a finder's methods"),
    'a list',
  ),
  storages: strict({ staticfiles: staticfilesEntry }, 'an object with the key staticfiles'),
  postProcess: v.array(processorEntry, 'a list'),
  manifest,
  release,
  importmap,
  ignore: ignorePatterns,
  conflicts: v.picklist(['allow', 'error'], "'allow' or 'error'"),
  vendorLinks: v.picklist(['warn', 'error', 'allow'], "'warn', 'error' or 'allow'"),
  cacheDir: path,
  mediaRoot: path,
  mediaUrl: text,
};
