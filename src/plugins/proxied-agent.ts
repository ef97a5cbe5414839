import http from 'node:http';
import https from 'node:https';
import { Agent, type AgentConnectOpts } from 'agent-base';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { getProxyForUrl } from 'proxy-from-env';

/** An agent that looks up the proxy for each request, because `NO_PROXY` names hosts. */
export class ProxiedAgent extends Agent {
  readonly #protocol: 'http:' | 'https:';
  readonly #options: http.AgentOptions;
  /** By the proxy's address, empty for none. These agents hold the connections; this one holds none. */
  readonly #agents = new Map<string, http.Agent>();

  constructor(protocol: 'http:' | 'https:', options: http.AgentOptions) {
    super({ keepAlive: options.keepAlive ?? false }); // or each request would close its connection
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

/** The address of the HTTP proxy for a URL; empty if there is none, or only one of another kind such as SOCKS. */
function proxyFor(url: string): string {
  const proxy = getProxyForUrl(url);
  // The library gives `proxy:3128` the protocol of the URL; other programs take it for HTTP.
  const isBare = proxy !== '' && !Object.values(process.env).includes(proxy);
  const address = isBare ? proxy.replace(/^https:/, 'http:') : proxy;
  return /^https?:/.test(address) ? address : '';
}
