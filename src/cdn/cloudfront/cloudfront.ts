import { randomUUID } from 'node:crypto';
import type { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { StaticFilesError, systemErrorCode } from '../../errors.js';
import { httpAgents } from '../../plugins/http-agents.js';
import type { PluginContext } from '../../plugins/plugin.js';
import type { AfterPublish } from '../after-publish.js';
import { invalidationPaths } from './invalidation-paths.js';
import { type CloudFrontOptions, type CloudFrontRules, cloudFrontRules } from './options.js';

export type { CloudFrontOptions };

/**
 * Returns a hook that removes changed files from CloudFront's caches. Names with a fingerprint need no invalidation.
 *
 * @throws StaticFilesError `settings` for invalid options
 * @example
 * const afterPublish = cloudfront({ distributionId: 'E2QWRUHAPOMQZL' }, context);
 */
export function cloudfront(options: CloudFrontOptions, { staticUrl }: PluginContext): AfterPublish {
  const rules = cloudFrontRules(options, staticUrl);
  return async (changed, { signal }) => {
    const publicPaths = changed.filter(({ immutable }) => !immutable).map(({ publicPath }) => publicPath);
    if (publicPaths.length === 0) return;
    const paths = invalidationPaths(publicPaths, rules);
    try {
      await invalidate(paths, rules, signal);
    } catch (error) {
      signal.throwIfAborted(); // the SDK throws an error of its own
      const { distributionId, basePath } = rules;
      throw invalidationFailed({ distributionId, paths, everything: `${basePath}*` }, error);
    }
  };
}

async function invalidate(
  paths: readonly string[],
  { distributionId, client, region = 'us-east-1', credentials }: CloudFrontRules,
  signal: AbortSignal,
): Promise<void> {
  const { CloudFrontClient, CreateInvalidationCommand } = await loadSdk();
  const own = client === undefined;
  const cloudFront =
    (client as CloudFrontClient | undefined) ??
    new CloudFrontClient({
      region,
      ...(credentials && { credentials }),
      requestHandler: await httpAgents({}),
    });
  try {
    await cloudFront.send(
      new CreateInvalidationCommand({
        DistributionId: distributionId,
        InvalidationBatch: {
          CallerReference: `staticfiles-${randomUUID()}`, // a reference that was used before would return the old invalidation
          Paths: { Quantity: paths.length, Items: [...paths] },
        },
      }),
      { abortSignal: signal },
    );
  } finally {
    if (own) cloudFront.destroy();
  }
}

const SDK = '@aws-sdk/client-cloudfront';

async function loadSdk() {
  try {
    return await import('@aws-sdk/client-cloudfront');
  } catch (cause) {
    const isMissing =
      systemErrorCode(cause) === 'ERR_MODULE_NOT_FOUND' && (cause as Error).message.includes(`'${SDK}'`);
    if (!isMissing) throw cause;
    throw new Error(`it needs the package '${SDK}': npm install ${SDK}`, { cause });
  }
}

/** By the names of errors: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateInvalidation.html */
const REASONS: Readonly<Record<string, string>> = {
  AccessDenied: 'the credentials in use need cloudfront:CreateInvalidation for it',
  NoSuchDistribution: 'that account does not have this distribution. Check the option distributionId',
  TooManyInvalidationsInProgress: 'too many invalidations are in progress. Wait until some are done',
  CredentialsProviderError: 'no credentials were found. Set them in the environment, a profile or a role',
  InvalidClientTokenId: 'the access key is unknown. Check the credentials',
  SignatureDoesNotMatch: 'the secret key does not match the access key. Check the credentials',
  ExpiredToken: 'the session has expired. Log in again, or renew the credentials',
};

export interface FailedInvalidation {
  readonly distributionId: string;
  readonly paths: readonly string[];
  /** The path for all files, if there are too many to show. */
  readonly everything: string;
}

/** How many paths the command in the message may have. */
const SHOWN = 10;

/** Returns the error, with the command that purges the files by hand. */
export function invalidationFailed(
  { distributionId, paths, everything }: FailedInvalidation,
  cause: unknown,
): StaticFilesError {
  const purged = paths.length > SHOWN ? [everything] : paths;
  const command = `aws cloudfront create-invalidation --distribution-id ${distributionId} --paths ${purged.map(quoted).join(' ')}`;
  return new StaticFilesError(
    'target',
    `Everything is published, but the invalidation of distribution '${distributionId}' failed: ${reasonOf(cause)}. ` +
      `Until its caches expire, CloudFront may serve the old files. The next run will not invalidate them. Run:\n  ${command}`,
    { cause },
  );
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return REASONS[cause.name] ?? `${cause.message.replace(/\.$/, '') || cause.name}`;
}

/** Quotes a path for a POSIX shell. */
function quoted(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}
