import type { LookupAddress } from 'node:dns'
import type { IncomingMessage, RequestOptions } from 'node:http'
import type { LookupFunction } from 'node:net'
import type { AllowedHosts } from './allowed-hosts.js'

/** Node's own modules; undefined on other runtimes, where nothing may depend on them. */
function nodeModules() {
  const { process, navigator } = globalThis as { process?: NodeJS.Process; navigator?: { userAgent?: string } }
  // Deno, Bun and Workers have a `process` too, but their `node:http` does not call `lookup`.
  const isNode = process?.versions?.node !== undefined && (navigator?.userAgent ?? 'Node.js').startsWith('Node.js')
  if (!isNode || !process) return undefined
  return {
    http: process.getBuiltinModule('node:http'),
    https: process.getBuiltinModule('node:https'),
    dns: process.getBuiltinModule('node:dns'),
    stream: process.getBuiltinModule('node:stream'),
  }
}

type NodeModules = NonNullable<ReturnType<typeof nodeModules>>

/**
 * Returns a `fetch` that resolves a name once, checks every address, and connects to one of those: a name that resolves to another
 * address a moment later (DNS rebinding) leads nowhere else. It follows no redirect. On other runtimes than Node it is the global `fetch`,
 * after the addresses of the name were checked where the runtime can resolve it.
 */
export function pinnedFetch(allowed: AllowedHosts): typeof fetch {
  const modules = nodeModules()
  if (!modules) return checkedFetch(allowed)
  const lookup = checkedLookup(modules, allowed)
  return async (input, init) => {
    const request = new Request(input, init)
    const { method, signal } = request
    const headers = Object.fromEntries(request.headers)
    const body = new Uint8Array(await request.arrayBuffer())
    // A shared agent would reuse connections that were opened without these checks.
    const options: RequestOptions = { method, headers, signal, lookup, agent: false }
    return send({ url: new URL(request.url), options, body }, modules)
  }
}

/** The runtime has the module, but not the function. */
const UNSUPPORTED: ReadonlySet<string> = new Set(['ENOTSUP', 'ERR_METHOD_NOT_IMPLEMENTED'])

/** Deno and Bun have Node's resolver, and Workers with its compatibility flag. Without one, the text of the URL is all that is checked. */
function checkedFetch(allowed: AllowedHosts): typeof fetch {
  const { process } = globalThis as { process?: Partial<NodeJS.Process> }
  const dns = process?.getBuiltinModule?.('node:dns')
  return async (input, init) => {
    const { hostname } = new URL(input instanceof Request ? input.url : input)
    if (dns && !allowed.hasName(hostname) && !/[:\]]|^[\d.]+$/.test(hostname)) {
      const found = await dns.promises.lookup(hostname, { all: true }).catch(unlessUnsupported)
      if (!found.every(({ address }) => allowed.hasAddress(address))) throw privateName()
    }
    return globalThis.fetch(input, init)
  }
}

/** A name that does not resolve now may do so for the request that follows. */
function unlessUnsupported(error: unknown): readonly LookupAddress[] {
  if (UNSUPPORTED.has(error instanceof Error && 'code' in error ? String(error.code) : '')) return []
  throw error
}

function privateName(): TypeError {
  return new TypeError('the name leads to this machine or a private network: see "privateHosts"')
}

function checkedLookup({ dns }: NodeModules, allowed: AllowedHosts): LookupFunction {
  return (hostname, options, callback) => {
    dns.lookup(hostname, { ...options, all: true }, (error, addresses: readonly LookupAddress[]) => {
      const isRefused = !allowed.hasName(hostname) && !(addresses ?? []).every(({ address }) => allowed.hasAddress(address))
      const [first] = addresses ?? []
      if (error || isRefused || !first) return callback(error ?? privateName(), [])
      if (options.all) callback(null, [...addresses])
      else callback(null, first.address, first.family)
    })
  }
}

interface Outgoing {
  readonly url: URL
  readonly options: RequestOptions
  readonly body: Uint8Array
}

function send({ url, options, body }: Outgoing, modules: NodeModules): Promise<Response> {
  const { http, https } = modules
  return new Promise((resolve, reject) => {
    const outgoing = (url.protocol === 'https:' ? https : http).request(url, options)
    outgoing.on('error', reject)
    outgoing.on('response', (incoming) => {
      try {
        resolve(asResponse(incoming, modules))
      } catch (error) {
        // A status or header that a Response cannot have.
        incoming.destroy()
        reject(error)
      }
    })
    outgoing.end(body.byteLength > 0 ? body : undefined)
  })
}

/** Statuses whose responses have no body. */
const EMPTY: ReadonlySet<number> = new Set([204, 205, 304])

function asResponse(incoming: IncomingMessage, { stream }: NodeModules): Response {
  const { statusCode: status = 0, headersDistinct } = incoming
  const headers = Object.entries(headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  )
  if (!EMPTY.has(status)) return new Response(stream.Readable.toWeb(incoming) as ReadableStream<Uint8Array>, { status, headers })
  // What a server sends nevertheless would be read without a limit.
  incoming.destroy()
  return new Response(null, { status, headers })
}
