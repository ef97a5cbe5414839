import type { StaticLookup } from '../lookup.js';
import type { StaticTags } from '../tags.js';

/** What templates are given: a look-up, with its tags where there are such. */
export type TemplateStatics = StaticLookup & Partial<StaticTags>;

/** What stands in templates by name; the tags only where the look-up has them. */
export type StaticLocals = Pick<StaticLookup, 'STATIC_URL' | 'static'> &
  Partial<Pick<StaticTags, 'integrity' | 'importmap' | 'modulepreload'>>;

/**
 * What Django's context processor gives templates, for engines that take data: EJS, Pug, Eta, JSX.
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
