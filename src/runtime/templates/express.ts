import { staticLocals, type TemplateStatics } from './locals.js';

/** The part of an Express application that is used. */
interface Application {
  readonly locals: Record<string, unknown>;
}

/**
 * Gives all views of an Express application `static(name)`, `STATIC_URL`, `integrity(name)`, `importmap()` and
 * `modulepreload(name)`, as Django's context processor does, whatever their engine.
 *
 * @example
 * useStatic(app, await loadStatic());
 */
export function useStatic(app: Application, statics: TemplateStatics): void {
  Object.assign(app.locals, staticLocals(statics));
}
