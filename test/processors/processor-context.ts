import type { ProcessorContext } from '../../src/processors/processor.js';

/** The context of a single run under `/static/`, with an empty cache. */
export function processorContext(changes: Partial<ProcessorContext> = {}): ProcessorContext {
  return {
    staticUrl: '/static/',
    cacheDir: '/cache',
    destination: 'test',
    startedAt: 0,
    cache: { load: () => undefined, save: () => {} },
    resolveSpecifier: () => undefined,
    hiddenFile: async () => undefined,
    possibleReferences: false,
    report() {},
    progress() {},
    warn() {},
    signal: new AbortController().signal,
    ...changes,
  };
}
