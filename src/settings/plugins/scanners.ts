import { isRecord } from '../../json.js';
import type { PluginFamily } from './plugin-family.js';

const FAMILY: PluginFamily<object> = { noun: 'scanner', builtIns: {}, methods: [] };

/**
 * The options of `fingerprint` with its scanners loaded: in JSON each is the path of a module, or the name of a
 * package, that has the scanner as its default export. What is no such option is left for the processor to refuse.
 *
 * @throws StaticFilesError `plugin`, where one cannot be loaded
 */
export async function withScanners(options: Options, baseDir: string): Promise<Options> {
  const { references } = options;
  if (!isRecord(references) || !Array.isArray(references.scanners)) return options;
  const scanners: unknown[] = [];
  for (const scanner of references.scanners) scanners.push(await loaded(scanner, baseDir));
  return { ...options, references: { ...references, scanners } };
}

type Options = Readonly<Record<string, unknown>>;

async function loaded(scanner: unknown, baseDir: string): Promise<unknown> {
  if (!isRecord(scanner) || typeof scanner.scan !== 'string') return scanner;
  const { loadFactory } = await import('./plugin-factory.js');
  const subject = `The scanner '${scanner.scan}' (references.scanners of fingerprint)`;
  const form = 'a function (bytes) that finds references';
  return { ...scanner, scan: await loadFactory(scanner.scan, FAMILY, baseDir, subject, form) };
}
