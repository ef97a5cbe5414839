import { serverAt } from '../serve/support/http.js';
import { newSite, type Site } from '../serve/support/site.js';
import { FILES } from './files.js';
import type { Subject } from './line.js';
import { prepareTraps } from './lines/paths.js';

/** Collects the files that the requirements need, with traps among them. */
export async function conformanceSite(): Promise<Site> {
  const site = await newSite(FILES);
  prepareTraps(site.path('root'));
  return site;
}

/** Returns the subject for a server on this machine. */
export function subjectAt(port: number, site: Site): Subject {
  const server = serverAt(port);
  return {
    ...server,
    site,
    plain: (name, headers = {}, method = 'GET') => server.get(`/static/${name}`, { headers, method }),
    hashed: (name, headers = {}, method = 'GET') => server.get(site.url(name), { headers, method }),
  };
}
