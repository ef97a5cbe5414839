import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { describeSystemError, StaticFilesError, systemErrorCode } from '../../errors.js';
import type { ServeOptions } from '../../serve/options.js';
import type { StaticServer } from '../../serve/serve.js';
import type { Settings } from '../../settings/settings.js';
import { orInterrupted } from '../signals.js';
import type { ExitCode } from '../terminal.js';
import { addCommon, type CommandContext, type Example, requireOption, type Start } from './command.js';

interface Flags extends Pick<ServeOptions, 'dev' | 'showIndexes' | 'insecure' | 'allowedHosts'> {
  readonly port: number;
  readonly host: string;
}

/** Only a signal ends it, so it succeeds then. */
async function run(context: CommandContext, flags: Flags): Promise<ExitCode> {
  const { settings, reporter, signal, verbosity } = context;
  const { createServer } = await import('node:http');
  /** For each request, the source that answers it. */
  const sources = new AsyncLocalStorage<{ path?: string }>();
  const statics = await orInterrupted(load(context, flags, sources), signal);
  const server = createServer((request, response) => {
    const source: { path?: string } = {};
    if (flags.dev || verbosity >= 2) {
      response.on('close', () => {
        const { method = '', url = '' } = request;
        reporter.answered({ method, url, status: response.statusCode, source: source.path });
      });
    }
    sources.run(source, () => statics(request, response));
  });
  await listen(server, flags);
  reporter.serving({ url: urlOf(server, flags, settings), from: servedFolder(settings, flags) });
  const stopReloading = reloadOnHangup(statics, context);
  if (!signal.aborted) await once(signal, 'abort');
  stopReloading();
  server.close();
  server.closeAllConnections();
  statics.close();
  return 0;
}

async function load(
  { settings, reporter, terminal }: CommandContext,
  { host, port: _, ...flags }: Flags,
  sources: AsyncLocalStorage<{ path?: string }>,
): Promise<StaticServer> {
  const { serve } = await import('../../serve/serve.js');
  return serve({
    ...flags,
    dev: flags.dev ?? false,
    settings,
    baseUrl: settings.staticUrl,
    env: terminal.env,
    allowedHosts: [...(flags.allowedHosts ?? []), ...listenedHosts(host)],
    onFound({ sourcePath }) {
      const source = sources.getStore();
      if (source) source.path ??= sourcePath;
    },
    onBroken: reporter.brokenReference,
    onWarning: (warning) => reporter.warned([warning]),
  });
}

/** The hosts that reach the address the server listens on. */
function listenedHosts(host: string): readonly string[] {
  if (host !== '0.0.0.0' && host !== '::') return [host];
  const interfaces = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return [host, ...interfaces.map(({ address }) => address)];
}

async function listen(server: Server, { port, host }: Flags): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    const taken = systemErrorCode(cause) === 'EADDRINUSE';
    const why = taken
      ? 'another program uses it. Choose another one with --port'
      : describeSystemError(cause);
    throw new StaticFilesError('target', `Cannot listen on port ${port} of ${host}: ${why}.`, { cause });
  }
}

function urlOf(server: Server, { host }: Flags, { staticUrl }: Settings): string {
  const { port } = server.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}${new URL(staticUrl, 'http://site.invalid').pathname}`;
}

function servedFolder({ storage, staticRoot }: Settings, { dev }: Flags): string | undefined {
  return dev ? undefined : (storage.folder ?? staticRoot);
}

/** SIGHUP reads the manifest again, as in other servers. */
function reloadOnHangup(
  statics: StaticServer,
  { reporter, terminal: { signals } }: CommandContext,
): () => void {
  const reload = () => void statics.reload().catch(reporter.failed);
  signals.on('SIGHUP', reload);
  return () => signals.off('SIGHUP', reload);
}

const EXAMPLES: readonly Example[] = [
  ['staticfiles serve', 'serve what collectstatic has published'],
  ['staticfiles serve --dev', 'serve the sources, without collecting'],
  ['staticfiles serve --host 0.0.0.0', 'serve to other machines too'],
];

/** Defines serve. */
export function defineServe(command: Command, start: Start): void {
  command
    .description('Serve the published files or, with --dev, the sources')
    .option('-p, --port <port>', 'listen on this port; 0 takes a free one', port, 8000)
    .addOption(new Option('--host <host>', 'listen on this address').default('127.0.0.1', '127.0.0.1'))
    .optionsGroup('Development:')
    .option('--dev', 'serve the sources as they are, and print where each request was found')
    .option('--show-indexes', 'list the files of a folder (requires --dev)')
    .option('--insecure', "serve even if NODE_ENV is 'production' (requires --dev)")
    .option(
      '--allowed-hosts <hosts>',
      'answer these hosts too, separated by commas (requires --dev; default: this machine and --host)',
      hosts,
    );
  addCommon(command, EXAMPLES, { done: 'stopped by Ctrl-C' }).action(() => start(command, run));
  for (const name of ['showIndexes', 'insecure', 'allowedHosts']) requireOption(command, name, 'dev');
}

function hosts(text: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, ...text.split(',').map((host) => host.trim())];
}

function port(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= 65535) return number;
  throw new InvalidArgumentError('It must be a number from 0 to 65535.');
}
