import { StaticFilesError } from '../../errors.js';

/** By the names of errors: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateInvalidation.html */
const REASONS: Readonly<Record<string, string>> = {
  AccessDenied: 'the credentials in use need cloudfront:CreateInvalidation for it',
  NoSuchDistribution: 'there is no such distribution in that account. Check the option distributionId',
  TooManyInvalidationsInProgress: 'too many invalidations are in progress. Wait until some are done',
  CredentialsProviderError: 'no credentials were found. Set them in the environment, a profile or a role',
  InvalidClientTokenId: 'the access key is not known there. Check the credentials',
  SignatureDoesNotMatch: 'the secret key does not fit the access key. Check the credentials',
  ExpiredToken: 'the session has expired. Log in again, or renew the credentials',
};

export interface FailedInvalidation {
  readonly distributionId: string;
  readonly paths: readonly string[];
  /** Names all files, where the paths are too many to show. */
  readonly everything: string;
}

/** How many paths a command line shows. */
const SHOWN = 10;

/** The error for people: what stands, what does not, and the command that makes up for it. */
export function invalidationFailed(
  { distributionId, paths, everything }: FailedInvalidation,
  cause: unknown,
): StaticFilesError {
  const told = paths.length > SHOWN ? [everything] : paths;
  const command = `aws cloudfront create-invalidation --distribution-id ${distributionId} --paths ${told.map(quoted).join(' ')}`;
  return new StaticFilesError(
    'target',
    `Everything is published, but the invalidation of distribution '${distributionId}' failed: ${reasonOf(cause)}. ` +
      `Until its caches expire, CloudFront may answer with what was there before. The next run tells it of later changes only; for these, run:\n  ${command}`,
    { cause },
  );
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return REASONS[cause.name] ?? `${cause.message.replace(/\.$/, '') || cause.name}`;
}

/** As a POSIX shell takes it for one word without wildcards. */
function quoted(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}
