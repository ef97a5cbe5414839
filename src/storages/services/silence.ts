/**
 * How long an attempt of a request waits while nothing comes or goes. Milliseconds. While a service joins the parts of a
 * large object, or copies it, it sends nothing. Then the attempt has failed, and is made again: some firewalls forget a
 * connection and tell neither side.
 */
export const SILENCE = 120_000;
