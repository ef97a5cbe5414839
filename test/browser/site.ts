import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import sirv from 'sirv';
import { loadStatic } from '../../src/runtime/index.js';
import { type NodeHandler, serve } from '../../src/serve/index.js';
import { collect } from '../support/command.js';
import { newProject } from '../support/project.js';
import type { Mode, PackagePage, PackageSettings } from './page.js';

/** A page and the static files that it refers to, on a server of this machine. */
export interface Site {
  readonly url: string;
  close(): void;
}

/**
 * Serves a page with the files of its packages as they are installed, by a server that is not ours.
 *
 * @param modules the folder `node_modules` with the packages
 */
export function plainSite(page: PackagePage, modules: string): Promise<Site> {
  const folders = page.apps
    .map(({ app, dir, prefix }) => ({
      base: `/static/${prefix}`,
      handler: sirv(path.join(modules, app, dir), { dev: true }),
    }))
    .sort((one, other) => other.base.length - one.base.length);
  return serveSite(
    htmlOf(page, plainImportmap(page), (name) => `/static/${name}`),
    (request, response, next) => {
      const folder = folders.find(({ base }) => request.url?.startsWith(`${base}/`));
      if (folder === undefined) return next?.();
      request.url = request.url!.slice(folder.base.length);
      folder.handler(request, response, next);
    },
  );
}

function plainImportmap({ importmap }: PackagePage): string {
  if (importmap === undefined) return '';
  const imports = Object.entries(importmap).map(([name, target]) => [name, `/static/${target}`]);
  return `<script type="importmap">${JSON.stringify({ imports: Object.fromEntries(imports) })}</script>`;
}

/** Publishes the packages of a page with the built command, and serves them and the page. */
export async function publishedSite(
  page: PackagePage,
  modules: string,
  mode: Mode,
  settings: PackageSettings,
): Promise<Site> {
  const options = { ...settings, ...(mode === 'originals: false' && { originals: false }) };
  const project = newProject(
    { node_modules: { link: modules } },
    {
      staticRoot: 'root',
      staticfilesDirs: [],
      installedApps: page.apps,
      postProcess: [['fingerprint', options]],
      ...(page.importmap && { importmap: { entries: page.importmap } }),
    },
  );
  const { exit, stderr } = await collect(project);
  if (exit !== 0) throw new Error(`collectstatic exited with ${exit}\n${stderr}`);
  const published = { manifest: project.path('root/staticfiles.json'), baseUrl: '/static/' };
  const [statics, handler] = await Promise.all([loadStatic(published), serve(published)]);
  const site = await serveSite(htmlOf(page, statics.importmap(), statics.static), handler);
  return {
    url: site.url,
    close() {
      site.close();
      handler.close();
      fs.rmSync(project.dir, { recursive: true });
    },
  };
}

function htmlOf({ name, html }: PackagePage, importmap: string, url: (name: string) => string): string {
  const head = `<meta charset="utf-8"><title>${name}</title><link rel="icon" href="data:,">`;
  return `<!doctype html><html lang="en"><head>${head}${importmap}</head><body>${html(url)}</body></html>`;
}

async function serveSite(html: string, statics: NodeHandler): Promise<Site> {
  const server = http.createServer((request, response) => {
    if (request.url === '/') return response.writeHead(200, { 'content-type': 'text/html' }).end(html);
    statics(request, response, () => response.writeHead(404).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
