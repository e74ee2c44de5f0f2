import type { Environment } from '@latchkey/core'
import { loadRareCalls } from './lazy-rare.js'
import type { OAuth1Config } from './resolve-options.js'

/** @returns the environment, whose `fetch` goes to the proxy of the options */
export function proxied({ options, base: { environment } }: OAuth1Config): Environment {
  const fetch: Environment['fetch'] = async (...request) =>
    environment.fetch(await (await loadRareCalls()).throughProxy(options, new Request(...request)))
  return options.proxy ? { ...environment, fetch } : environment
}
