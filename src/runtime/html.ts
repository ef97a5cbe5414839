const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * The start tag of an element; attributes without a value, or with an empty one, are left out.
 *
 * @example
 * tag('link', { rel: 'modulepreload', href: '/a&b.js' }); // '<link rel="modulepreload" href="/a&amp;b.js">'
 */
export function tag(name: string, attributes: Readonly<Record<string, string | undefined>>): string {
  const written = Object.entries(attributes).map(([key, value]) =>
    value ? ` ${key}="${escapeHtml(value)}"` : '',
  );
  return `<${name}${written.join('')}>`;
}

/** A text as it may stand in an element, or in an attribute's quotes. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
