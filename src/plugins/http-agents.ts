import http from 'node:http';
import https from 'node:https';

/** What keeps connections for the SDKs that take agents of Node.js. */
export interface HttpAgents {
  readonly httpAgent: http.Agent;
  readonly httpsAgent: https.Agent;
}

/** As curl and others take them: https://about.gitlab.com/blog/we-need-to-talk-no-proxy/ */
const VARIABLES = /^(?:https?|all)_proxy$/i;

/**
 * Agents that go through the proxy that `HTTPS_PROXY`, `HTTP_PROXY` and `ALL_PROXY` name, with the exceptions of `NO_PROXY`,
 * as other programs do: Node.js 20 does not by itself, nor does the AWS SDK.
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
