import { type Command, InvalidArgumentError } from 'commander';
import type { Invocation } from '../invocation.js';
import { addCommonOptions, type CommonValues, commonFlags } from './common-options.js';

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
