// Notes. Development serves the sources; production serves what collectstatic published.
import view from '@fastify/view';
import ejs from 'ejs';
import fastify from 'fastify';
import { loadStatic, staticLocals } from 'staticfiles/runtime';
import { serve } from 'staticfiles/serve';
import { fastifyPlugin } from 'staticfiles/serve/fastify';

const dev = process.env.NODE_ENV !== 'production';
const statics = await loadStatic({ debug: dev });
const app = fastify();

app.register(fastifyPlugin(await serve({ dev, rootDir: '../notes/public', onBroken: console.warn })));
app.register(view, { engine: { ejs }, root: 'views', defaultContext: staticLocals(statics) });

app.get('/', (_request, reply) => {
  reply.header('link', statics.preloadHeader(['css/app.css']));
  return reply.view('home.ejs');
});

console.log(await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' }));
