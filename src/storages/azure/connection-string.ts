import type { AzureOptions } from './options.js';

/** What a connection string says of one thing: `AccountKey`. https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string */
export function settingIn(connectionString: string, name: string): string | undefined {
  const setting = connectionString.split(';').find((each) => each.startsWith(`${name}=`));
  return setting?.slice(name.length + 1);
}

/** The account's name, for people; where nothing tells it, the first part of the service's address is one. */
export function accountNameOf({
  client,
  accountName,
  connectionString = '',
  endpoint,
}: AzureOptions): string {
  const named = client?.accountName ?? accountName ?? settingIn(connectionString, 'AccountName');
  if (named !== undefined) return named;
  if (/UseDevelopmentStorage=true/i.test(connectionString)) return 'devstoreaccount1';
  const address = endpoint ?? settingIn(connectionString, 'BlobEndpoint') ?? '';
  return URL.canParse(address) ? new URL(address).hostname.split('.')[0]! : '';
}
