// One of the servers that bench/serve.js compares: `node server.js NAME ROOT PORT`. Prints a line when it is ready.
import http from 'node:http';

const [name, root, port] = process.argv.slice(2);
const FOR_EVER = 365 * 24 * 60 * 60;

const SERVERS = {
  bare: async () => (_request, response) => response.end(),
  'same headers': async () =>
    sameHeaders(await (await ourServer()).serve({ manifest: `${root}/staticfiles.json` })),
  ours: async () => (await ourServer()).serve({ manifest: `${root}/staticfiles.json` }),
  'ours, no cache': async () =>
    (await ourServer()).serve({ manifest: `${root}/staticfiles.json`, cacheSize: 0 }),
  sirv: async () => {
    const { default: sirv } = await import('sirv');
    return mounted(sirv(root, { brotli: true, gzip: true, etag: true, maxAge: FOR_EVER, immutable: true }));
  },
  express: async () => {
    const { default: express } = await import('express');
    return express().use('/static', express.static(root, { maxAge: FOR_EVER * 1000, immutable: true }));
  },
};

/** A handler that looks nothing up: it sends the answer that ours gave to the first request of the kind. */
function sameHeaders({ answer }) {
  const answers = new Map();
  const send = ({ status, headers, body }, response) => response.writeHead(status, headers).end(body);
  return (request, response) => {
    const { method, url, headers } = request;
    const kind = headers['if-none-match'] === undefined ? url : `${url} 304`;
    const known = answers.get(kind);
    if (known !== undefined) return send(known, response);
    Promise.resolve(answer({ method, url, headers })).then((first) => {
      answers.set(kind, first);
      send(first, response);
    });
  };
}

function ourServer() {
  return import('../dist/serve/index.js');
}

/** Takes `/static` from the URL, as a Connect application does. */
function mounted(handler) {
  return (request, response) => {
    request.url = request.url.slice('/static'.length);
    handler(request, response, () => response.writeHead(404).end());
  };
}

async function startFastify() {
  const [{ default: fastify }, { default: fastifyStatic }] = await Promise.all([
    import('fastify'),
    import('@fastify/static'),
  ]);
  const app = fastify();
  const options = { root, prefix: '/static/', preCompressed: true, maxAge: `${FOR_EVER}s`, immutable: true };
  await app.register(fastifyStatic, options);
  await app.listen({ port: Number(port), host: '127.0.0.1' });
}

if (name === 'fastify') await startFastify();
else {
  const server = http.createServer(await SERVERS[name]());
  await new Promise((resolve) => server.listen(Number(port), '127.0.0.1', resolve));
}
console.log(`ready ${Math.round(process.memoryUsage.rss() / 1e6)} MB`);
