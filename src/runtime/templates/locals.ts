import type { StaticLookup } from '../lookup.js';
import type { StaticTags } from '../tags.js';

/** Look-ups for templates, with or without tags. The result of `loadStatic()` is one. */
export type TemplateStatics = StaticLookup & Partial<StaticTags>;

/** Values that templates use by name. The tags are left out if the look-up has none. */
export type StaticLocals = Pick<StaticLookup, 'STATIC_URL' | 'static'> &
  Partial<Pick<StaticTags, 'integrity' | 'importmap' | 'modulepreload'>>;

/**
 * Returns the values that templates use by name, for engines that take data: EJS, Pug, Eta, JSX. Django's context
 * processor provides the same.
 *
 * @example
 * ejs.render(`<link rel="stylesheet" href="<%= static('css/app.css') %>">`, { ...staticLocals(statics), title: 'Home' });
 */
export function staticLocals(statics: TemplateStatics): StaticLocals {
  const { STATIC_URL, integrity, importmap, modulepreload } = statics;
  return {
    STATIC_URL,
    static: statics.static,
    ...(integrity && { integrity }),
    ...(importmap && { importmap }),
    ...(modulepreload && { modulepreload }),
  };
}
