/**
 * The options of the storage `azure` with the credentials of the environment, where they have none: `AZURE_STORAGE_KEY` or
 * `AZURE_STORAGE_SAS_TOKEN` with `AZURE_STORAGE_ACCOUNT`, or `AZURE_STORAGE_CONNECTION_STRING`, as Azure's own command
 * line takes them (https://learn.microsoft.com/cli/azure/azure-cli-configuration). Its SDK takes no keys from there.
 */
export function withAzureCredentials(options: Options): Options {
  if (GIVEN.some((name) => options[name] !== undefined)) return options;
  const { env } = process;
  const account = options.accountName ?? env.AZURE_STORAGE_ACCOUNT;
  const named = account === undefined ? options : { ...options, accountName: account };
  if (account !== undefined && env.AZURE_STORAGE_KEY) return { ...named, accountKey: env.AZURE_STORAGE_KEY };
  if (env.AZURE_STORAGE_SAS_TOKEN) return { ...named, sasToken: env.AZURE_STORAGE_SAS_TOKEN };
  const isWhole = options.accountName !== undefined || options.endpoint !== undefined;
  return env.AZURE_STORAGE_CONNECTION_STRING && !isWhole
    ? { ...options, connectionString: env.AZURE_STORAGE_CONNECTION_STRING }
    : named;
}

type Options = Readonly<Record<string, unknown>>;

const GIVEN = ['client', 'connectionString', 'accountKey', 'sasToken'];
