import http from 'node:http';
import https from 'node:https';

/** Connection pools for the SDKs that take agents of Node.js. */
export interface HttpAgents {
  readonly httpAgent: http.Agent;
  readonly httpsAgent: https.Agent;
}

/** `http.Agent` with what `http.request()` uses of it, and the types leave out. */
export interface RequestAgent extends http.Agent {
  addRequest(request: http.ClientRequest, options: { readonly host: string; readonly port: number }): void;
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

/**
 * Makes an agent end requests whose connection is silent for some time: nothing comes, and nothing of the body is taken. For
 * SDKs that only limit the time of the whole request, which a large body may need on a slow line.
 *
 * @param limit milliseconds
 * @returns the agent. Its requests then fail with the code `ETIMEDOUT`
 */
export function endingSilence(agent: http.Agent, limit: number): http.Agent {
  const requesting = agent as RequestAgent;
  const addRequest = requesting.addRequest.bind(agent);
  requesting.addRequest = (request, options) => {
    request.setTimeout(limit, () => {
      const message = `Nothing came from '${options.host}' for ${limit} ms.`;
      request.destroy(Object.assign(new Error(message), { code: 'ETIMEDOUT' }));
    });
    addRequest(request, options);
  };
  return agent;
}
