// Compares the public types of each entry of the package with its report in `api/`. `--update` writes the reports.
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';

const TOP = path.resolve(import.meta.dirname, '..');
const { name, exports } = JSON.parse(readFileSync(path.join(TOP, 'package.json'), 'utf8'));
const update = process.argv.includes('--update');
const temporary = path.join(TOP, 'dist/.api');
mkdirSync(temporary, { recursive: true });

const changed = Object.entries(exports)
  .filter(([, { types }]) => types !== undefined)
  .map(([entry, { types }]) => ({
    entry,
    types,
    report: `${path.posix.join(name, entry).replaceAll('/', '-')}.api.md`,
  }))
  .filter((entry) => !isUpToDate(entry))
  .map(({ report }) => `api/${report}`);

if (changed.length > 0 && !update) {
  process.stderr.write(
    `The public API changed: ${changed.join(', ')}. Run \`npm run api:update\`, and read the difference.\n`,
  );
  process.exitCode = 1;
}

function isUpToDate({ entry, types, report }) {
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: TOP,
      mainEntryPointFilePath: path.join(TOP, types),
      apiReport: {
        enabled: true,
        reportFileName: report,
        reportFolder: path.join(TOP, 'api'),
        reportTempFolder: temporary,
      },
      compiler: { tsconfigFilePath: path.join(TOP, 'tsconfig.build.json') },
      messages: {
        extractorMessageReporting: {
          default: { logLevel: 'warning', addToApiReportFile: true },
          'ae-missing-release-tag': { logLevel: 'none' },
          'ae-unresolved-link': { logLevel: 'none' },
          'ae-undocumented': { logLevel: 'none' },
          // The main entry exports every type; the others name its types.
          ...(entry !== '.' && { 'ae-forgotten-export': { logLevel: 'none' } }),
        },
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: path.join(TOP, 'package.json'),
  });
  const { succeeded, apiReportChanged } = Extractor.invoke(config, {
    localBuild: update,
    showVerboseMessages: false,
  });
  return succeeded && !apiReportChanged;
}
