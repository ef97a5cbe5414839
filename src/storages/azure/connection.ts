import type { ContainerClient } from '@azure/storage-blob';
import type { LimitFunction } from 'p-limit';
import { repeated } from '../services/repeated.js';
import { isPassing } from './errors.js';
import type { CompleteAzureOptions } from './options.js';

/** What the calls to a container have in common. */
export interface AzureConnection {
  readonly container: ContainerClient;
  readonly options: CompleteAzureOptions;
  /** Through which large blobs go. */
  readonly large: LimitFunction;
}

/** Makes a request, and again where its failure may pass. */
export function request<T>(
  { options }: AzureConnection,
  signal: AbortSignal,
  call: (attempt: number) => Promise<T>,
): Promise<T> {
  return repeated({ attempts: options.maxTries, signal, isPassing }, call);
}
