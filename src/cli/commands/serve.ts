import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import { describeSystemError, StaticFilesError, systemErrorCode } from '../../errors.js';
import { type StaticServer, serve } from '../../serve/serve.js';
import { loadSettings } from '../../settings/load.js';
import type { Settings } from '../../settings/settings.js';
import type { Invocation, ServeFlags } from '../reporter.js';
import { orInterrupted } from '../signals.js';
import type { ExitCode } from '../terminal.js';
import {
  addCommonOptions,
  type CommandContext,
  type CommonValues,
  commonFlags,
  loadCommandSettings,
} from './command.js';

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
  return dev ? undefined : (storage.folder ?? staticRoot);
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

interface ServeValues extends CommonValues {
  readonly dev?: true;
  readonly showIndexes?: true;
  readonly insecure?: true;
  readonly allowedHosts?: readonly string[];
  readonly port: number;
  readonly host: string;
}

const EXAMPLES = `
Examples:
  $ staticfiles serve                        what collectstatic has published
  $ staticfiles serve --dev --show-indexes   the sources, as they are
  $ staticfiles serve --host 0.0.0.0         for other machines too
`;

/** Makes `command` the command serve. */
export function defineServe(command: Command, understood: (invocation: Invocation) => void): void {
  command
    .description('Serves static files: the published ones, or in development the sources.')
    .option('--dev', 'answer with the sources as they are, and say where each request was found')
    .option('--show-indexes', 'with --dev: list the files of a folder')
    .option('--insecure', 'with --dev: run even where NODE_ENV is production')
    .option(
      '--allowed-hosts <hosts>',
      'with --dev: answer under these hosts too, separated by commas (default: this machine and --host)',
      hosts,
    )
    .option('-p, --port <port>', 'the port to listen on; 0 takes a free one', port, 8000)
    .option('--host <host>', 'the address to listen on', '127.0.0.1');
  addCommonOptions(command)
    .addHelpText('after', EXAMPLES)
    .action((values: ServeValues) => {
      const { dev = false, showIndexes = false, insecure = false, allowedHosts } = values;
      const forDev = {
        '--show-indexes': showIndexes,
        '--insecure': insecure,
        '--allowed-hosts': allowedHosts,
      };
      const [given] = Object.entries(forDev).find(([, value]) => value) ?? [];
      if (!dev && given !== undefined) command.error(`error: option '${given}' requires --dev`);
      const flags = {
        ...commonFlags(values),
        dev,
        showIndexes,
        insecure,
        allowedHosts: allowedHosts ?? [],
        port: values.port,
        host: values.host,
      };
      understood({ command: 'serve', flags });
    });
}

function hosts(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...text.split(',').map((host) => host.trim())];
}

function port(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= 65535) return number;
  throw new InvalidArgumentError('It must be a number from 0 to 65535.');
}
