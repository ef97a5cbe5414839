import type { ElementOptions } from '../tags.js';
import type { TemplateStatics } from './locals.js';

/** The used part of Handlebars: its module, or the result of `Handlebars.create()`. */
interface Handlebars {
  registerHelper(name: string, helper: (...parameters: unknown[]) => unknown): void;
  readonly SafeString: new (html: string) => unknown;
}

/** Last parameter of a helper. */
interface HelperOptions {
  readonly hash: ElementOptions;
}

/**
 * Adds the helpers `{{static "css/app.css"}}` and `{{get_static_prefix}}`. If the look-up has tags, also adds
 * `{{integrity "js/app.js"}}`, `{{importmap nonce=nonce}}` and `{{modulepreload "js/app.js" nonce=nonce}}`.
 *
 * @example
 * useStatic(Handlebars, await loadStatic());
 */
export function useStatic(handlebars: Handlebars, statics: TemplateStatics): void {
  const { integrity, importmap, modulepreload } = statics;
  const html = (text: string) => new handlebars.SafeString(text);
  handlebars.registerHelper('static', (name) => statics.static(String(name)));
  handlebars.registerHelper('get_static_prefix', () => statics.STATIC_URL);
  if (integrity) handlebars.registerHelper('integrity', (name) => integrity(String(name)));
  if (importmap) handlebars.registerHelper('importmap', (options) => html(importmap(hashOf(options))));
  if (modulepreload) {
    handlebars.registerHelper('modulepreload', (name, options) =>
      html(modulepreload(String(name), hashOf(options))),
    );
  }
}

/** Returns the named arguments of a helper: `nonce=nonce`. */
function hashOf(options: unknown): ElementOptions {
  return (options as HelperOptions).hash;
}
