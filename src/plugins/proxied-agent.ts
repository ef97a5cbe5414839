import http from 'node:http';
import https from 'node:https';
import { Agent, type AgentConnectOpts } from 'agent-base';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { getProxyForUrl } from 'proxy-from-env';

/** An agent that asks for each request whether a proxy is in between, since `NO_PROXY` goes by hosts. */
export class ProxiedAgent extends Agent {
  readonly #protocol: 'http:' | 'https:';
  readonly #options: http.AgentOptions;
  /** By the proxy's address, empty if there is none. They hold the connections; this one holds none. */
  readonly #agents = new Map<string, http.Agent>();

  constructor(protocol: 'http:' | 'https:', options: http.AgentOptions) {
    super({ keepAlive: options.keepAlive ?? false }); // else each request would ask for its connection to be closed
    this.#protocol = protocol;
    this.#options = options;
  }

  override isSecureEndpoint(): boolean {
    return this.#protocol === 'https:';
  }

  override async connect(_request: http.ClientRequest, { host = '', port }: AgentConnectOpts) {
    const name = host.includes(':') ? `[${host}]` : host;
    const proxy = proxyFor(`${this.#protocol}//${name}:${port}`);
    const agent = this.#agents.get(proxy) ?? this.#agentFor(proxy);
    this.#agents.set(proxy, agent);
    return agent;
  }

  override destroy(): void {
    for (const agent of this.#agents.values()) agent.destroy();
    super.destroy();
  }

  #agentFor(proxy: string): http.Agent {
    const isSecure = this.isSecureEndpoint();
    if (proxy === '') return new (isSecure ? https : http).Agent(this.#options);
    return isSecure ? new HttpsProxyAgent(proxy, this.#options) : new HttpProxyAgent(proxy, this.#options);
  }
}

/** The address of the proxy for a URL; empty if there is none, or one of another kind, such as SOCKS. */
function proxyFor(url: string): string {
  const proxy = getProxyForUrl(url);
  // The library takes `proxy:3128` for an address of the same protocol as the URL; everybody else for one of HTTP.
  const isBare = proxy !== '' && !Object.values(process.env).includes(proxy);
  const address = isBare ? proxy.replace(/^https:/, 'http:') : proxy;
  return /^https?:/.test(address) ? address : '';
}
