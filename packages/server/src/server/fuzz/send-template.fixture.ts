import { CompactSign, exportJWK, generateKeyPair, type CryptoKey, type JWK } from 'jose'
import { ISSUER } from '../test-server.fixture.js'
import type { FuzzServer } from './fuzz-server.fixture.js'
import type { FuzzValues } from './fuzz-values.fixture.js'
import type { JwtTemplate, Pairs, RequestTemplate } from './request-template.fixture.js'

type Filled = ReadonlyMap<string, string | number>

const PLACEHOLDER = /\{\{(\w+)\}\}/g

function fill(text: string, values: Filled): string {
  return text.replaceAll(PLACEHOLDER, (whole, name: string) => String(values.get(name) ?? whole))
}

function fillJson(value: unknown, values: Filled): unknown {
  if (typeof value === 'string') return values.get(/^\{\{(\w+)\}\}$/.exec(value)?.[1] ?? '') ?? fill(value, values)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => fillJson(item, values))
  // Own members, also one that is called "__proto__".
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [fill(name, values), fillJson(member, values)]))
}

function fillPairs(pairs: Pairs, values: Filled): URLSearchParams {
  return new URLSearchParams(pairs.map(([name, value]) => [fill(name, values), fill(value, values)]))
}

const dpopKeys = generateKeyPair('ES256', { extractable: true })

async function keyOf({ kind }: JwtTemplate, { keys }: FuzzServer): Promise<{ readonly key: CryptoKey; readonly jwk?: JWK }> {
  if (kind !== 'dpop') return { key: keys.privateKey }
  const { privateKey, publicKey } = await dpopKeys
  return { key: privateKey, jwk: await exportJWK(publicKey) }
}

/** Signs the claims as they are; a header that no signer accepts gives a text that is no JWT. */
async function sign(jwt: JwtTemplate, values: Filled, world: FuzzServer): Promise<string> {
  try {
    const { key, jwk } = await keyOf(jwt, world)
    const text = new TextEncoder().encode(JSON.stringify(fillJson(jwt.claims, values)))
    const header = { alg: 'ES256', ...(jwk && { jwk }), ...jwt.header }
    return await new CompactSign(text).setProtectedHeader(header).sign(key)
  } catch {
    return 'e30.e30.e30'
  }
}

async function valuesOf(template: RequestTemplate, world: FuzzServer, values: FuzzValues): Promise<Filled> {
  const filled = new Map<string, string | number>()
  const names = (text: string): readonly string[] => [...new Set([...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name))]
  const add = async (text: string): Promise<void> => {
    for (const name of names(text)) {
      const value = filled.has(name) ? undefined : await values.get(name)
      if (value !== undefined) filled.set(name, value)
    }
  }
  await add(template.page ?? '')
  if (template.page !== undefined) await values.open(fill(template.page, filled), template.isFreshBrowser ?? false)
  await add(JSON.stringify(template))
  if (template.jwt) filled.set('jwt', await sign(template.jwt, filled, world))
  return filled
}

function bodyOf(template: RequestTemplate, values: Filled): string | undefined {
  const { method, form, json, raw } = template
  if (method === 'GET' || method === 'HEAD') return undefined
  if (raw !== undefined) return fill(raw, values)
  return json === undefined ? form && fillPairs(form, values).toString() : JSON.stringify(fillJson(json, values))
}

/** Returns the request; undefined if no HTTP client could send it. */
function asRequest(template: RequestTemplate, values: Filled): Request | undefined {
  try {
    const search = fillPairs(template.query, values).toString()
    const path = fill(template.path, values)
    const url = search === '' ? ISSUER + path : `${ISSUER}${path}${path.includes('?') ? '&' : '?'}${search}`
    const given = Object.entries(template.headers).map(([name, value]) => [name, fill(value, values)] as const)
    const body = bodyOf(template, values)
    const type = template.form && body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }
    return new Request(url, {
      method: template.method,
      headers: { ...type, ...Object.fromEntries(given) },
      ...(body !== undefined && { body }),
    })
  } catch {
    return undefined
  }
}

/** Sends a request to the server; undefined if no HTTP client could send it. */
export async function sendTemplate(
  template: RequestTemplate,
  world: FuzzServer,
  values: FuzzValues,
): Promise<Response | undefined> {
  const filled = await valuesOf(template, world, values)
  const { status = 200, type = '', body = '{{jwt}}' } = template.fetched ?? {}
  const content = status === 204 ? null : fill(body, filled)
  world.serve(() => new Response(content, { status, headers: { 'content-type': type } }))
  const request = asRequest(template, filled)
  return request && world.server.fetch(request)
}
