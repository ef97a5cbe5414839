import type { Agent } from 'node:http';
import type { BlobServiceClient, ContainerClient, StoragePipelineOptions } from '@azure/storage-blob';
import type { LimitFunction } from 'p-limit';
import { endingSilence, httpAgents } from '../../plugins/http-agents.js';
import { invalidOption } from '../../plugins/options.js';
import { loadPeer } from '../../plugins/peer-dependency.js';
import { repeated, SILENCE } from '../services/retry.js';
import { isPassing } from './errors.js';
import { AZURE_OPTIONS, type AzureOptions, type CompleteAzureOptions } from './options.js';

/** The module of the SDK, loaded when it is needed. */
export type AzureSdk = typeof import('@azure/storage-blob');

/** Options of the SDK's pipeline. The type leaves the agent out. */
type Pipeline = StoragePipelineOptions & { readonly agent?: Agent };

/** Retries are done here with random waits. The SDK's waits are fixed, so that all callers would come back at once. */
const PIPELINE: Pipeline = { retryOptions: { maxTries: 1 } };

/**
 * Returns the client of the options, or makes one.
 *
 * @throws StaticFilesError `settings` if the connection string or key is invalid, or if `@azure/identity` is needed and not
 *   installed
 */
export async function azureClient(sdk: AzureSdk, options: AzureOptions): Promise<BlobServiceClient> {
  if (options.client !== undefined) return options.client as unknown as BlobServiceClient;
  const make = await clientMaker(sdk, options);
  const { httpAgent, httpsAgent } = await httpAgents({ keepAlive: true });
  const agent = make(PIPELINE).url.startsWith('https:') ? httpsAgent : httpAgent;
  return make({ ...PIPELINE, agent: endingSilence(agent, SILENCE) });
}

/** Returns a function that makes clients with the credentials of the options. */
async function clientMaker(
  sdk: AzureSdk,
  { accountName = '', connectionString, accountKey, sasToken, ...options }: AzureOptions,
): Promise<(pipeline: Pipeline) => BlobServiceClient> {
  const { BlobServiceClient: Client } = sdk;
  if (connectionString !== undefined)
    return (pipeline) => fromConnectionString(sdk, connectionString, pipeline);
  const endpoint = options.endpoint ?? `https://${accountName}.blob.core.windows.net`;
  if (sasToken !== undefined) {
    const address = `${endpoint}?${sasToken.replace(/^\?/, '')}`;
    return (pipeline) => new Client(address, new sdk.AnonymousCredential(), pipeline);
  }
  if (accountKey !== undefined) {
    const credential = new sdk.StorageSharedKeyCredential(accountName, accountKey);
    return (pipeline) => new Client(endpoint, credential, pipeline);
  }
  const { DefaultAzureCredential } = await loadPeer(
    'azure',
    '@azure/identity',
    () => import('@azure/identity'),
  );
  const credential = new DefaultAzureCredential();
  return (pipeline) => new Client(endpoint, credential, pipeline);
}

function fromConnectionString(
  { BlobServiceClient: Client }: AzureSdk,
  connectionString: string,
  pipeline: Pipeline,
): BlobServiceClient {
  try {
    return Client.fromConnectionString(connectionString, pipeline);
  } catch {
    throw invalidOption(
      AZURE_OPTIONS.plugin,
      'connectionString',
      'not a connection string.',
      'Copy all of it from the access keys of the account: DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…;EndpointSuffix=core.windows.net',
    );
  }
}

/** What every call to a container needs. */
export interface AzureConnection {
  readonly container: ContainerClient;
  readonly options: CompleteAzureOptions;
  /** Limits how many large blobs are sent at a time. */
  readonly large: LimitFunction;
}

/** Makes a request, and repeats it if its failure may be temporary. */
export function request<T>(
  { options }: AzureConnection,
  signal: AbortSignal,
  call: (attempt: number) => Promise<T>,
): Promise<T> {
  return repeated({ attempts: options.maxTries, signal, isPassing }, call);
}

/** Returns one value of a connection string, such as `AccountKey`: https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string */
export function settingIn(connectionString: string, name: string): string | undefined {
  const setting = connectionString.split(';').find((each) => each.startsWith(`${name}=`));
  return setting?.slice(name.length + 1);
}

/** Returns the account's name, for messages. If nothing has it, the first part of the address will do. */
export function accountNameOf({
  client,
  accountName,
  connectionString = '',
  endpoint,
}: AzureOptions): string {
  const ofClient = (client as BlobServiceClient | undefined)?.accountName;
  const named = ofClient ?? accountName ?? settingIn(connectionString, 'AccountName');
  if (named !== undefined) return named;
  if (/UseDevelopmentStorage=true/i.test(connectionString)) return 'devstoreaccount1';
  const address = endpoint ?? settingIn(connectionString, 'BlobEndpoint') ?? '';
  return URL.canParse(address) ? new URL(address).hostname.split('.')[0]! : '';
}
