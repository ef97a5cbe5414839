import { setImmediate } from 'node:timers/promises';
import { expect, inject, test } from 'vitest';
import { createStatic } from '../../src/runtime/lookup.js';
import { collect, run } from '../support/command.js';
import type { Project } from '../support/project.js';
import { newSite, style } from '../support/releases.js';
import { QUIET } from './faults/shop.js';
import { allServices } from './services/all-services.js';
import type { Service } from './services/service.js';

const COLOURS: Readonly<Record<string, string>> = { v1: 'red', v2: 'green', v3: 'black' };

/** An application of one release, whose files are at a service. */
interface App {
  readonly release: string;
  /** The public path that its page refers to. */
  readonly link: string;
}

/** A project that is published to a service, with its visitors. */
function site(service: Service, destination: string) {
  const project: Project = newSite({ storages: { staticfiles: service.entry(destination) } });
  const env = { ...QUIET, ...service.env };
  return {
    async deploy(id: string, ...argv: string[]): Promise<void> {
      project.write({ 'static/app.css': style(COLOURS[id]!) });
      const result = await collect(project, ['--release', id, ...argv], { env });
      expect(result).toMatchObject({ exit: 0, stderr: '' });
    },
    async staticfiles(...argv: string[]): Promise<void> {
      expect(await run(project, 'staticfiles', argv, { env })).toMatchObject({ exit: 0, stderr: '' });
    },
    /** Starts like an application: it reads the manifest of its own release, and no other one later. */
    async startApp(release: string): Promise<App> {
      const manifest = await service.visit(destination, `${release}/staticfiles.json`);
      const { paths } = JSON.parse(manifest!.bytes.toString());
      return { release, link: createStatic({ paths }).publicPath('app.css') };
    },
    /** Returns what a browser with a page of the application sees. */
    async visit({ release, link }: App): Promise<string> {
      const found = await service.visit(destination, link);
      if (found === undefined) return `page of ${release}: 404`;
      return `page of ${release}: ${found.bytes.equals(Buffer.from(style(COLOURS[release]!))) ? 'right' : 'mixed'}`;
    },
    paths: () => service.paths(destination),
  };
}

const services = allServices(inject('servers')).slice(1);

test.each(services)(
  '$name: two releases answer under load while a third is published, one is rolled back to, and old ones go',
  async (service) => {
    const { deploy, staticfiles, startApp, visit, paths } = site(service, `rolling-${process.pid}`);
    await deploy('v1');
    const first = await startApp('v1');
    await deploy('v2');
    const second = await startApp('v2');

    const seen = new Set<string>();
    let loading = true;
    const load = [first, second].map(async (app) => {
      while (loading) {
        seen.add(await visit(app));
        await setImmediate(); // files are read without yielding
      }
    });
    await deploy('v3');
    await staticfiles('releases', 'activate', 'v1');
    await staticfiles('prune', '--noinput', '--keep', '2'); // keeps v3 and v2 as the newest, v1 as the active one
    await staticfiles('releases', 'activate', 'v2');
    await deploy('v3', '--prune', '--keep', '3');
    loading = false;
    await Promise.all(load);
    expect([...seen].sort()).toEqual(['page of v1: right', 'page of v2: right']);

    const third = await startApp('v3');
    await staticfiles('prune', '--noinput', '--keep', '1');
    expect(await visit(third)).toBe('page of v3: right');
    expect(await visit(second)).toBe('page of v2: 404');
    expect((await paths()).filter((publicPath) => /^v[12]\//.test(publicPath))).toEqual([]);
  },
);
