import http from 'node:http';
import https from 'node:https';

/** Connection pools for the SDKs that take agents of Node.js. */
export interface HttpAgents {
  readonly httpAgent: http.Agent;
  readonly httpsAgent: https.Agent;
}

/** The variables that curl and other programs read: https://about.gitlab.com/blog/we-need-to-talk-no-proxy/ */
const VARIABLES = /^(?:https?|all)_proxy$/i;

/**
 * Returns agents that use the proxy in `HTTPS_PROXY`, `HTTP_PROXY` and `ALL_PROXY`, with the exceptions of `NO_PROXY`.
 * Neither Node.js 20 nor the AWS SDK does so by itself.
 */
export async function httpAgents(options: http.AgentOptions): Promise<HttpAgents> {
  const isProxied = Object.entries(process.env).some(([name, value]) => VARIABLES.test(name) && value);
  if (!isProxied) return { httpAgent: new http.Agent(options), httpsAgent: new https.Agent(options) };
  const { ProxiedAgent } = await import('./proxied-agent.js');
  return {
    httpAgent: new ProxiedAgent('http:', options),
    httpsAgent: new ProxiedAgent('https:', options) as https.Agent,
  };
}
