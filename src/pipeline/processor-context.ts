import type { PublishRecord } from '../cache/record.js';
import { findHiddenFile } from '../finders/find.js';
import { logicalPathFor } from '../manifest/import-map.js';
import type { HiddenFile } from '../model/static-file.js';
import type { ProcessorCache, ProcessorContext } from '../processors/processor.js';
import type { Settings } from '../settings/settings.js';
import { isRecord } from '../text/json.js';
import { destinationKey } from './destination.js';
import { findContext } from './find.js';
import { addWarning, type Run } from './run.js';

/**
 * Context of a processor's call in a run.
 *
 * @param index of the processor in the settings
 */
export function processorContext(run: Run, index: number): ProcessorContext {
  const { settings, options, signal, startedAt, record, session, warnings, findings, bareSpecifiers } = run;
  const { name, cacheVersion } = settings.processors[index]!;
  const key = `processor ${name} ${occurrenceOf(settings, index)}`;
  return {
    staticUrl: settings.staticUrl,
    cacheDir: settings.cacheDir,
    destination: cacheOwner(settings, index),
    startedAt,
    cache: processorCache(record, key, cacheVersion),
    ...(session && { session: session.ofProcessor(key) }),
    resolveSpecifier: (specifier) =>
      settings.importMap && logicalPathFor(settings.importMap.entries, specifier),
    async hiddenFile(logicalPath) {
      const hidden = await hiddenFile(run, logicalPath);
      findings.hiddenFiles.set(logicalPath, hidden);
      return hidden;
    },
    possibleReferences: options.possibleReferences ?? false,
    report(references) {
      findings.computedNames.push(...references.computedNames());
      if (settings.importMap)
        for (const [specifier, files] of references.bareSpecifiers()) bareSpecifiers.set(specifier, files);
      options.onReferences?.(references);
    },
    progress: (done, total) => options.onProgress?.('post-process', done, total),
    warn: (warning) => addWarning(warnings, warning),
    signal,
  };
}

/** A name may occur twice: a built-in processor can run twice, and a custom one may be called `compress` too. */
function occurrenceOf({ processors }: Settings, index: number): number {
  const { name } = processors[index]!;
  return processors.slice(0, index + 1).filter((each) => each.name === name).length;
}

/** Returns the name by which a processor owns files in the cache folder ({@link ProcessorContext.destination}). */
export function cacheOwner(settings: Settings, index: number): string {
  const occurrence = occurrenceOf(settings, index);
  return destinationKey(settings) + (occurrence === 1 ? '' : `-${occurrence}`);
}

/** Returns the file that an ignore pattern hides from the run under a logical path; `undefined` if there is none. */
export function hiddenFile(run: Run, logicalPath: string): Promise<HiddenFile | undefined> {
  return findHiddenFile(run.settings.finders, logicalPath, { ...findContext(run), warn() {} });
}

/** Saves with a version: another processor, or another version of this one, may have written the record. */
function processorCache(record: PublishRecord, key: string, version = ''): ProcessorCache {
  return {
    load() {
      const saved = record.recall(key);
      return isRecord(saved) && saved.version === version ? saved.value : undefined;
    },
    save: (value) =>
      record.remember(key, () => ({ version, value: typeof value === 'function' ? value() : value })),
  };
}
