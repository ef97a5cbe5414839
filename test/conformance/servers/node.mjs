// node.mjs HANDLER FOLDER: serves a folder under /static/ on a free port, which it prints.
import http from 'node:http';
import path from 'node:path';
import send from 'send';
import sirv from 'sirv';

const [, , name, root] = process.argv;

const HANDLERS = {
  async ours() {
    const { serve } = await import('../../../dist/serve/index.js');
    return serve({ manifest: path.join(root, 'staticfiles.json'), env: {} });
  },
  async sirv() {
    return under(sirv(root, { etag: true, maxAge: 60, gzip: true, brotli: true }));
  },
  async send() {
    return under((request, response) => {
      send(request, request.url.replace(/\?.*/, ''), { root, index: false, maxAge: 60_000 }).pipe(response);
    });
  },
};

/** Cuts the prefix off for handlers that do not know it, as Express does. */
function under(handler) {
  return (request, response) => {
    const target = request.url.replace(/^https?:\/\/[^/]*/, '');
    if (!target.startsWith('/static/')) return response.writeHead(404).end();
    request.url = target.slice('/static'.length);
    handler(request, response);
  };
}

const server = http.createServer(await HANDLERS[name]());
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
