// Notes. Development serves the sources; production serves what collectstatic published.
import { serve as listen } from '@hono/node-server';
import { Hono } from 'hono';
import { html, raw } from 'hono/html';
import { loadStatic } from 'staticfiles/runtime';
import { serve } from 'staticfiles/serve';
import { fetchHandler } from 'staticfiles/serve/fetch';

const dev = process.env.NODE_ENV !== 'production';
const { static: url, importmap, modulepreload, preloadHeader } = await loadStatic({ debug: dev });
const statics = fetchHandler(await serve({ dev, rootDir: '../notes/public', onBroken: console.warn }));
const app = new Hono();

app.use(async (context, next) => (await statics(context.req.raw, context.res.headers)) ?? next());

app.get('/', (context) => {
  context.header('link', preloadHeader(['css/app.css']));
  return context.html(html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Notes</title>
<link rel="icon" href="/favicon.svg">
${raw(importmap())}
<link rel="stylesheet" href="${url('css/app.css')}">
${raw(modulepreload('js/app.js'))}
<script type="module" src="${url('js/app.js')}"></script>
<h1>Notes</h1>
<form><input name="note" aria-label="Note" required> <button>Add</button></form>
<ul></ul>
</html>`);
});

listen({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000), hostname: '127.0.0.1' }, ({ port }) => {
  console.log(`http://127.0.0.1:${port}/`);
});
