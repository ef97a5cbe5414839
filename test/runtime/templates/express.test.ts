import type { AddressInfo } from 'node:net';
import express from 'express';
import Handlebars from 'handlebars';
import { expect, it } from 'vitest';
import { useStatic } from '../../../src/runtime/templates/express.js';
import { newProject } from '../../support/project.js';
import { IMPORT_MAP, statics } from '../statics.js';

/** Returns the response for the view `page` of an application with that engine. */
async function answerOf(engine: string, view: string, settings: (app: express.Express) => void = () => {}) {
  const project = newProject({ [`views/page.${engine}`]: view });
  const app = express();
  app.set('views', project.path('views')).set('view engine', engine);
  settings(app);
  useStatic(app, statics);
  app.get('/', (_, response) => response.render('page', { title: 'Shop', nonce: 'n' }));
  const server = app.listen(0, '127.0.0.1');
  try {
    await new Promise((resolve) => server.once('listening', resolve));
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return { status: answer.status, text: await answer.text() };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const TEXT = `Shop /s/css/app.1.css /s/ sha384-app ${IMPORT_MAP}`;

it('adds the look-up to views of EJS', async () => {
  const view = `<%= title %> <%= static('css/app.css') %> <%= STATIC_URL %> <%= integrity('js/app.js') %> <%- importmap({ nonce }) %>`;
  expect(await answerOf('ejs', view)).toEqual({ status: 200, text: TEXT });
});

it('adds the look-up to views of Pug', async () => {
  const view = `| #{title} #{static('css/app.css')} #{STATIC_URL} #{integrity('js/app.js')} !{importmap({ nonce })}`;
  expect(await answerOf('pug', view)).toEqual({ status: 200, text: TEXT });
});

it('adds it to views of an engine that is registered by hand', async () => {
  const view = '{{title}} {{STATIC_URL}}';
  const render = (path: string, locals: object, done: (error: unknown, text?: string) => void) => {
    import('node:fs').then(({ default: fs }) =>
      done(null, Handlebars.compile(fs.readFileSync(path, 'utf8'))(locals)),
    );
  };
  const answer = await answerOf('hbs', view, (app) => app.engine('hbs', render));
  expect(answer).toEqual({ status: 200, text: 'Shop /s/' });
});

it('an unknown file fails the view', async () => {
  const answer = await answerOf('ejs', `<%= static('css/ap.css') %>`, (app) => app.set('env', 'test'));
  expect(answer).toEqual({ status: 500, text: expect.stringContaining('There is no static file') });
});
