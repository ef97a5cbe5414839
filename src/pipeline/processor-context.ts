import type { PublishRecord } from '../cache/record.js';
import { findHiddenFile } from '../finders/find.js';
import { logicalPathFor } from '../manifest/import-map.js';
import type { ProcessorCache, ProcessorContext } from '../processors/processor.js';
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
  const { settings, options, signal, startedAt, record, session, warnings, bareSpecifiers } = run;
  const { name, cacheVersion } = settings.processors[index]!;
  // A name may occur twice: a built-in processor can run twice, and a custom one may be called `compress` too.
  const occurrence = settings.processors.slice(0, index + 1).filter((each) => each.name === name).length;
  const key = `processor ${name} ${occurrence}`;
  return {
    staticUrl: settings.staticUrl,
    cacheDir: settings.cacheDir,
    destination: destinationKey(settings) + (occurrence === 1 ? '' : `-${occurrence}`),
    startedAt,
    cache: processorCache(record, key, cacheVersion),
    ...(session && { session: session.ofProcessor(key) }),
    resolveSpecifier: (specifier) =>
      settings.importMap && logicalPathFor(settings.importMap.entries, specifier),
    hiddenFile: (logicalPath) =>
      findHiddenFile(settings.finders, logicalPath, { ...findContext(run), warn() {} }),
    possibleReferences: options.possibleReferences ?? false,
    report(references) {
      if (settings.importMap)
        for (const [specifier, files] of references.bareSpecifiers()) bareSpecifiers.set(specifier, files);
      options.onReferences?.(references);
    },
    progress: (done, total) => options.onProgress?.('post-process', done, total),
    warn: (warning) => addWarning(warnings, warning),
    signal,
  };
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
