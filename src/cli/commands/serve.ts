import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import { describeSystemError, StaticFilesError, systemErrorCode } from '../../errors.js';
import { type StaticServer, serve } from '../../serve/index.js';
import { loadSettings } from '../../settings/load.js';
import type { Settings } from '../../settings/settings.js';
import type { ExitCode } from '../exit-code.js';
import { orInterrupted } from '../interruption.js';
import type { ServeFlags } from '../invocation.js';
import type { CommandContext } from './command-context.js';
import { loadCommandSettings } from './command-settings.js';

/** What is known of a request while it is answered. */
interface Asked {
  source: string | undefined;
}

/** Serves until it is interrupted, which is no failure. */
export async function runServe(flags: ServeFlags, context: CommandContext): Promise<ExitCode> {
  const settings = await loadCommandSettings(loadSettings, flags, context);
  const asked = new AsyncLocalStorage<Asked>();
  const loading = serveWith(settings, flags, context, (source) => {
    const request = asked.getStore();
    if (request) request.source ??= source;
  });
  const statics = await orInterrupted(loading, context.signal);
  const server = http.createServer((request, response) => {
    const about: Asked = { source: undefined };
    if (flags.dev || flags.verbosity >= 2) {
      response.on('close', () => {
        const { method = '', url = '' } = request;
        context.reporter.answered({ method, url, status: response.statusCode, source: about.source });
      });
    }
    asked.run(about, () => statics(request, response));
  });
  await listen(server, flags);
  context.reporter.serving({ url: urlOf(server, flags, settings), from: whatIsServed(settings, flags) });
  const stopReloading = reloadOnHangup(statics, context);
  await aborted(context.signal);
  stopReloading();
  server.close();
  server.closeAllConnections();
  statics.close();
  return 0;
}

function serveWith(
  settings: Settings,
  { dev, showIndexes, insecure, allowedHosts, host }: ServeFlags,
  { reporter, terminal }: CommandContext,
  onFound: (source: string) => void,
): Promise<StaticServer> {
  return serve({
    settings,
    baseUrl: settings.staticUrl,
    env: terminal.env,
    ...{ dev, showIndexes, insecure, allowedHosts: [...allowedHosts, ...listenedHosts(host)] },
    onFound: ({ sourcePath }) => onFound(sourcePath),
    onBroken: reporter.brokenReference,
    onWarning: (warning) => reporter.warned([warning]),
  });
}

/** The hosts under which the address is reached that the server listens on. */
function listenedHosts(host: string): readonly string[] {
  if (host !== '0.0.0.0' && host !== '::') return [host];
  const interfaces = Object.values(os.networkInterfaces()).flatMap((each) => each ?? []);
  return [host, ...interfaces.map(({ address }) => address)];
}

async function listen(server: http.Server, { port, host }: ServeFlags): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    const taken = systemErrorCode(cause) === 'EADDRINUSE';
    const why = taken
      ? 'another program uses it; choose another one with --port'
      : describeSystemError(cause);
    throw new StaticFilesError('target', `Cannot listen on port ${port} of ${host}: ${why}.`, { cause });
  }
}

function urlOf(server: http.Server, { host }: ServeFlags, { staticUrl }: Settings): string {
  const { port } = server.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}${new URL(staticUrl, 'http://site.invalid').pathname}`;
}

function whatIsServed({ storage, staticRoot }: Settings, { dev }: ServeFlags): string | undefined {
  return dev ? undefined : (storage.location ?? staticRoot);
}

/** As servers do, so that a deploy can tell this one of a new manifest. */
function reloadOnHangup(
  statics: StaticServer,
  { reporter, terminal: { signals } }: CommandContext,
): () => void {
  const reload = () => void statics.reload().catch(reporter.failed);
  signals.on('SIGHUP', reload);
  return () => signals.off('SIGHUP', reload);
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
