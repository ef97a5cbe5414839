/**
 * The URL of a public path, escaped as browsers escape what scripts and style sheets say: so that both are one URL.
 *
 * @param staticUrl ends in `/`
 * @example
 * publicUrl('/static/', 'img/a b@2x.png'); // '/static/img/a%20b@2x.png'
 */
export function publicUrl(staticUrl: string, publicPath: string): string {
  return staticUrl + encodeURI(publicPath).replace(/[?#]/g, encodeURIComponent);
}
