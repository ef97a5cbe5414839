import { staticLocals, type TemplateStatics } from './locals.js';

/** The used part of an Express application. */
interface Application {
  readonly locals: Record<string, unknown>;
}

/**
 * Adds `static(name)`, `STATIC_URL`, `integrity(name)`, `importmap()` and `modulepreload(name)` to all views of an
 * Express application, whatever their engine. Django's context processor does the same.
 *
 * @example
 * useStatic(app, await loadStatic());
 */
export function useStatic(app: Application, statics: TemplateStatics): void {
  Object.assign(app.locals, staticLocals(statics));
}
