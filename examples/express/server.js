// Notes. Development serves the sources; production serves what collectstatic published.
import { randomBytes } from 'node:crypto';
import express from 'express';
import nunjucks from 'nunjucks';
import { loadStatic } from 'staticfiles/runtime';
import { useStatic } from 'staticfiles/runtime/nunjucks';
import { serve } from 'staticfiles/serve';

const dev = process.env.NODE_ENV !== 'production';
const statics = await loadStatic({ debug: dev });
const app = express();
useStatic(nunjucks.configure('views', { express: app, noCache: dev }), statics);

app.use(await serve({ dev, rootDir: '../notes/public', onBroken: console.warn }));

app.get('/', (_request, response) => {
  const nonce = randomBytes(16).toString('base64');
  response.set('content-security-policy', `script-src 'self' 'nonce-${nonce}'`);
  response.set('link', statics.preloadHeader(['css/app.css']));
  response.render('home.njk', { nonce });
});

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}/`);
});
