import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { availableParallelism, networkInterfaces } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ServeOptions } from '../../serve/options.js';
import type { StaticServer } from '../../serve/serve.js';
import type { Settings } from '../../settings/settings.js';
import { orInterrupted } from '../signals.js';
import type { ExitCode } from '../terminal.js';
import { addCommon, type CommandContext, type Example, requireOption, type Start } from './command.js';

interface Flags extends Pick<ServeOptions, 'dev' | 'showIndexes' | 'insecure' | 'allowedHosts'> {
  readonly port: number;
  readonly host: string;
  readonly workers?: number;
}

/** Only a signal ends it, so it succeeds then. */
async function run(context: CommandContext, flags: Flags): Promise<ExitCode> {
  if (flags.workers === undefined || context.terminal.worker) await serveHere(context, flags);
  else {
    const { serveByWorkers } = await import('../serving/serve-by-workers.js');
    await serveByWorkers(context, flags.workers);
  }
  return 0;
}

/** Serves by this process, until it stops, or retires as a worker. */
async function serveHere(context: CommandContext, flags: Flags): Promise<void> {
  const { settings, reporter, signal, terminal } = context;
  const { host, port } = flags;
  const { startHttpServer } = await import('../serving/http-server.js');
  /** For each request, the source that answers it. */
  const sources = flags.dev ? new AsyncLocalStorage<{ path?: string }>() : undefined;
  const statics = await orInterrupted(load(context, flags, sources), signal);
  const answer = withReports(statics, context, flags, sources);
  const server = await startHttpServer(answer, terminal.worker?.port ?? port, host);
  // Before it says that it serves: a signal may follow at once.
  const stopReloading = reloadOnHangup(statics, context);
  reporter.serving({
    url: `http://${host.includes(':') ? `[${host}]` : host}:${server.port}${pathOf(settings)}`,
    from: servedFolder(settings, flags),
  });
  await aborted(terminal.worker ? AbortSignal.any([signal, terminal.worker.retired]) : signal);
  stopReloading();
  if (!signal.aborted) {
    server.retire();
    statics.close(); // the memory is for the worker that has taken over
    await Promise.race([aborted(signal), server.closed]);
  }
  server.stop();
  await server.closed;
  statics.close();
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

/** Returns the handler, which reports each request if that is wanted. */
function withReports(
  statics: StaticServer,
  { reporter, verbosity }: CommandContext,
  { dev }: Flags,
  sources: AsyncLocalStorage<{ path?: string }> | undefined,
): RequestListener {
  if (!dev && verbosity < 2) return statics;
  return (request, response) => {
    const source: { path?: string } = {};
    response.on('close', () => {
      const { method = '', url = '' } = request;
      reporter.answered({ method, url, status: response.statusCode, source: source.path });
    });
    if (sources) sources.run(source, () => statics(request, response));
    else statics(request, response);
  };
}

async function load(
  { settings, reporter, terminal }: CommandContext,
  { host, port: _, workers, ...flags }: Flags,
  sources: AsyncLocalStorage<{ path?: string }> | undefined,
): Promise<StaticServer> {
  const { CACHE_BYTES, serve } = await import('../../serve/serve.js');
  return serve({
    ...flags,
    dev: flags.dev ?? false,
    settings,
    baseUrl: settings.staticUrl,
    env: terminal.env,
    ...(terminal.worker && { cacheSize: CACHE_BYTES / terminal.worker.workers }),
    allowedHosts: [...(flags.allowedHosts ?? []), ...listenedHosts(host)],
    onFound({ sourcePath }) {
      const source = sources?.getStore();
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

function pathOf({ staticUrl }: Settings): string {
  return new URL(staticUrl, 'http://site.invalid').pathname;
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
  ['staticfiles serve --workers auto', 'serve with as many processes as there are CPUs'],
];

/** Defines serve. */
export function defineServe(command: Command, start: Start): void {
  command
    .description('Serve the published files or, with --dev, the sources')
    .option('-p, --port <port>', 'listen on this port; 0 takes a free one', port, 8000)
    .addOption(new Option('--host <host>', 'listen on this address').default('127.0.0.1', '127.0.0.1'))
    .addOption(byWorkers)
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

const byWorkers = new Option(
  '--workers <number>',
  "serve with this number of processes, replaced at SIGHUP and if they crash; 'auto' starts one for each CPU (default: this process serves)",
)
  .argParser(workerCount)
  .conflicts('dev');

/** More are a slip of the finger: each takes some 60 MB. */
const MAX_WORKERS = 512;

function workerCount(text: string): number {
  if (text === 'auto') return availableParallelism();
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= MAX_WORKERS) return number;
  throw new InvalidArgumentError(`It must be 'auto' or a number from 1 to ${MAX_WORKERS}.`);
}

function hosts(text: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, ...text.split(',').map((host) => host.trim())];
}

function port(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= 65535) return number;
  throw new InvalidArgumentError('It must be a number from 0 to 65535.');
}
