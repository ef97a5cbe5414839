import http from 'node:http';
import https from 'node:https';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { getProxyForUrl } from 'proxy-from-env';
import type { RequestAgent } from './http-agents.js';

/** An agent that looks up the proxy for each request, because `NO_PROXY` names hosts. */
export class ProxiedAgent extends http.Agent implements RequestAgent {
  /** `http.request()` compares it with the protocol of the URL. */
  readonly protocol: 'http:' | 'https:';
  readonly defaultPort: number;
  declare readonly options: http.AgentOptions;
  /** By the proxy's address, empty for none. These agents hold the connections; this one holds none. */
  readonly #agents = new Map<string, RequestAgent>();

  constructor(protocol: 'http:' | 'https:', options: http.AgentOptions) {
    super(options);
    this.protocol = protocol;
    this.defaultPort = protocol === 'https:' ? 443 : 80;
  }

  /**
   * Passes a request on while its first line is not yet written: a proxy needs the whole URL in it. An agent that only
   * chose the connection would come too late for a request on a connection that was kept.
   */
  addRequest(request: http.ClientRequest, options: { readonly host: string; readonly port: number }): void {
    const { host, port } = options;
    const name = host.includes(':') ? `[${host}]` : host;
    const proxy = proxyFor(`${this.protocol}//${name}:${port}`);
    const agent = this.#agents.get(proxy) ?? this.#agentFor(proxy);
    this.#agents.set(proxy, agent);
    agent.addRequest(request, options);
  }

  override destroy(): void {
    for (const agent of this.#agents.values()) agent.destroy();
    super.destroy();
  }

  #agentFor(proxy: string): RequestAgent {
    const isSecure = this.protocol === 'https:';
    const agent =
      proxy === ''
        ? new (isSecure ? https : http).Agent(this.options)
        : isSecure
          ? new HttpsProxyAgent(proxy, this.options)
          : new HttpProxyAgent(proxy, this.options);
    return agent as http.Agent as RequestAgent;
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
