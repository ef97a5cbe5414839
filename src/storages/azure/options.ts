import * as v from 'valibot';
import {
  address,
  checkOptions,
  invalidOption,
  type OptionsRules,
  refuseBeside,
  text,
  wholeNumber,
  withoutUndefined,
} from '../../plugins/options.js';
import type { SdkClient } from '../../plugins/peer-dependency.js';
import { OBJECT_OPTIONS } from '../objects/options.js';

/**
 * The container, the credentials, and how blobs are stored. Without `connectionString`, `accountKey` and `sasToken`,
 * `DefaultAzureCredential` of `@azure/identity` signs in.
 */
export interface AzureOptions {
  /** Name of the container. */
  readonly container: string;
  /** Account, key or SAS, and address in one text, as the portal shows it. */
  readonly connectionString?: string;
  /** Name of the storage account. Required without `connectionString`, `endpoint` or `client`. */
  readonly accountName?: string;
  /** Key of the storage account. */
  readonly accountKey?: string;
  /** A shared access signature: `sv=…&sig=…`. */
  readonly sasToken?: string;
  /** The address of the account. Default `https://<accountName>.blob.core.windows.net`. */
  readonly endpoint?: string;
  /** `Hot`, `Cool`, `Cold` */
  readonly accessTier?: string;
  /** Name of an encryption scope of the account. */
  readonly encryptionScope?: string;
  /** Blobs larger than this many bytes are sent in blocks of that size. Default 8 MiB. */
  readonly blockSize?: number;
  /** How often a request is tried. Default 8. */
  readonly maxTries?: number;
  /** How many blobs are sent at a time. Default 16. */
  readonly concurrency?: number;
  /** Your own `BlobServiceClient` of `@azure/storage-blob`, in place of account and credentials. */
  readonly client?: SdkClient<'getContainerClient'>;
}

const MiB = 1024 * 1024;

const DEFAULTS = { blockSize: 8 * MiB, maxTries: 8, concurrency: 16 };

const ACCOUNT_OPTIONS = ['accountName', 'accountKey', 'sasToken', 'endpoint'];

/** The options of the service and those of all object storages. */
export const AZURE_OPTIONS: OptionsRules = {
  plugin: "storage 'azure'",
  secret: ['connectionString', 'accountKey', 'sasToken', 'client'],
  entries: {
    ...OBJECT_OPTIONS,
    container: text,
    connectionString: v.optional(text),
    accountName: v.optional(text),
    accountKey: v.optional(text),
    sasToken: v.optional(text),
    endpoint: v.optional(address),
    accessTier: v.optional(text),
    encryptionScope: v.optional(text),
    blockSize: v.optional(wholeNumber(64 * 1024, ' of bytes')),
    maxTries: v.optional(wholeNumber(1)),
    concurrency: v.optional(wholeNumber(1)),
    client: v.optional(v.custom(isClient, 'a BlobServiceClient of @azure/storage-blob')),
  },
};

/** The options with their defaults. */
export type CompleteAzureOptions = AzureOptions & Required<Pick<AzureOptions, keyof typeof DEFAULTS>>;

/**
 * Checks the options and adds the defaults.
 *
 * @throws StaticFilesError `settings` with all problems
 */
export function azureOptions(options: AzureOptions): CompleteAzureOptions {
  checkOptions(AZURE_OPTIONS, options);
  if (options.client !== undefined)
    refuseBeside('client', ['connectionString', ...ACCOUNT_OPTIONS], options, AZURE_OPTIONS.plugin);
  else if (options.connectionString !== undefined)
    refuseBeside('connectionString', ACCOUNT_OPTIONS, options, AZURE_OPTIONS.plugin);
  else checkAccount(options);
  return { ...DEFAULTS, ...withoutUndefined(options) };
}

function checkAccount({ accountName, accountKey, sasToken, endpoint }: AzureOptions): void {
  if (accountName === undefined && (endpoint === undefined || accountKey !== undefined)) {
    throw invalidOption(AZURE_OPTIONS.plugin, 'accountName', 'accountName or connectionString is required.');
  }
  if (accountKey !== undefined && sasToken !== undefined)
    refuseBeside('accountKey', ['sasToken'], { sasToken }, AZURE_OPTIONS.plugin);
}

function isClient(input: unknown): boolean {
  return typeof (Object(input) as Record<string, unknown>).getContainerClient === 'function';
}

/**
 * Adds the credentials of the environment to options that have none: `AZURE_STORAGE_KEY` or `AZURE_STORAGE_SAS_TOKEN` with
 * `AZURE_STORAGE_ACCOUNT`, or `AZURE_STORAGE_CONNECTION_STRING`. Azure's command line reads the same variables
 * (https://learn.microsoft.com/cli/azure/azure-cli-configuration), but its SDK does not.
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
