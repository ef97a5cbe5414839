import type { AzureOptions } from './options.js';

/** How a blob is stored, of the options. */
export function storing({ accessTier, encryptionScope }: AzureOptions): {
  tier?: string;
  encryptionScope?: string;
} {
  return {
    ...(accessTier !== undefined && { tier: accessTier }),
    ...(encryptionScope !== undefined && { encryptionScope }),
  };
}
