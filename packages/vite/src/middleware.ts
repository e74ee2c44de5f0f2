import { rmSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { type AtomicStore, memoryStore } from '@latchkey/server'
import type { Connect, Logger, ResolvedConfig } from 'vite'
import { clientDocument } from './client-document.js'
import { embeddedServers } from './embedded-server.js'
import { fileStore, findOpenToOthers } from './file-store.js'
import { hideKeys } from './hide-keys.js'
import { watchScopes } from './known-scopes.js'
import type { LatchkeyOptions } from './latchkey-options.js'
import { isBelow, isMounted, type Mount } from './mount.js'
import type { PrivateFiles } from './private-files.js'
import { findServed } from './served-folders.js'
import type { StateFolder } from './state-folder.js'

/** @see RFC 9112, section 3.2.2 */
const ABSOLUTE_FORM = /^https?:\/\/([^/?#\\]*)/i

/** What the middleware needs. */
export interface MiddlewareParts {
  readonly options: LatchkeyOptions
  readonly mount: Mount
  readonly config: ResolvedConfig
  readonly folder: StateFolder
  readonly files: PrivateFiles
  /** Called with the origin of each request. */
  readonly onOrigin: (origin: string) => void
}

/** Creates the middleware that runs the embedded server and refuses its files. It runs before Vite's own. */
export function createMiddleware(parts: MiddlewareParts): Connect.NextHandleFunction {
  const { mount, config, files, onOrigin, options } = parts
  const { logger } = config
  const noteScope = watchScopes(options, logger)
  const servers = embeddedServers(withErrorLog(options, logger), mount, openStore(parts))
  const respond = async (request: Request, env: unknown): Promise<Response> => {
    try {
      return await servers.fetch(request, env)
    } catch (error) {
      logFailure(logger, error)
      return failurePage(error)
    }
  }
  const listener = getRequestListener(
    async (request, env) => {
      const response = await respond(request, env)
      // The authorization server says which of its responses other origins may read. Its pages are not among them (RFC 9700, section 2.6).
      if (!isApi(mount, pathOf(env.incoming.url ?? ''))) removeCors(env.outgoing)
      return response
    },
    { overrideGlobalObjects: false },
  )
  return (request, response, next) => {
    const url = request.url ?? ''
    const origin = originOf(request)
    if (origin !== undefined) onOrigin(origin)
    if (files.has(url) || files.has(request.originalUrl ?? ''))
      refuse(response, 403, 'This file holds keys and tokens. It is not served.')
    else if (!isMounted(mount, pathOf(url))) {
      hideKeys(response, parts.folder)
      next()
    } else if (!hasOneHost(request)) refuse(response, 400, 'The request must name one host (RFC 9112, sections 3.2 and 3.2.2).')
    else if (pathOf(url) === mount.clientDocument) sendDocument(request, response, parts)
    else {
      noteScope(url)
      void listener(request, response)
    }
  }
}

/** Vite 6 adds the middleware of plugins before its own check of the `Host` header, which protects from DNS rebinding. */
export function runAfterHostCheck({ stack }: Connect.Server, handle: Connect.NextHandleFunction): void {
  const own = stack.findIndex((layer) => layer.handle === handle)
  const check = stack.findLastIndex((layer) => typeof layer.handle === 'function' && layer.handle.name.startsWith('viteHost'))
  if (check > own) stack.splice(check, 0, ...stack.splice(own, 1))
}

function openStore({ options: { persist }, config, folder }: MiddlewareParts): AtomicStore {
  // Earlier versions saved private keys here, where Vite serves them.
  rmSync(join(config.cacheDir, 'latchkey', 'state.json'), { force: true })
  if (persist === false) return memoryStore()
  const served = findServed(folder, config)
  if (served) {
    config.logger.warn(
      `[latchkey] Keys and sessions are kept in memory, so a restart signs all users out: ${folder.path} is inside ${served.path}, ${served.reason}. ` +
        'Set "persist" to a folder outside of the workspace, or to false.',
    )
    return memoryStore()
  }
  const onWriteFailed = (error: unknown): void =>
    config.logger.warn(
      `[latchkey] Sessions cannot be saved in ${folder.path} (${messageOf(error)}). A restart will sign all users out.`,
      { timestamp: true },
    )
  const file = join(folder.path, 'state.json')
  const open = findOpenToOthers(file)
  if (open !== undefined) {
    const fix = open === file ? `can read it. Delete it, or run: chmod 600 ${file}` : `can replace it. Run: chmod go-w ${open}`
    config.logger.warn(`[latchkey] ${file} holds private keys, and other accounts ${fix}`)
  }
  return fileStore(file, { onWriteFailed })
}

/** Without it, a hook or a site that throws would only show as a status of 500. */
function withErrorLog(options: LatchkeyOptions, logger: Logger): LatchkeyOptions {
  const { hooks } = options.server ?? {}
  const onError = (error: unknown): unknown => {
    logFailure(logger, error)
    return hooks?.onError?.(error)
  }
  return { ...options, server: { ...options.server, hooks: { ...hooks, onError } } }
}

function logFailure(logger: Logger, error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  logger.error(`[latchkey] The authorization server failed: ${text}`, {
    timestamp: true,
    error: error instanceof Error ? error : null,
  })
}

function failurePage(error: unknown): Response {
  const text = `The authorization server of @latchkey/vite failed: ${messageOf(error)}\nThe terminal shows the stack.\n`
  const headers = {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  }
  return new Response(text, { status: 500, headers })
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
  response.end(`${text}\n`)
}

/** The address of the document is that of the request, as the issuer is, so it is in no cache. */
function sendDocument(
  request: IncomingMessage,
  response: ServerResponse,
  { options: { clientMetadata = {}, origin = originOf(request) ?? '' }, mount }: MiddlewareParts,
): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'Use GET.')
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache' })
  response.end(request.method === 'HEAD' ? undefined : clientDocument(clientMetadata, origin + mount.base))
}

function isApi({ api }: Mount, path: string): boolean {
  return api !== undefined && isBelow(api, path)
}

/** The path of a request target, which has a host in absolute form. */
function pathOf(url: string): string {
  return url.replace(ABSOLUTE_FORM, '').split('?', 1)[0] ?? ''
}

/** Removes what Vite's `server.cors` has added. */
function removeCors(response: Pick<ServerResponse, 'getHeaderNames' | 'removeHeader'>): void {
  for (const name of response.getHeaderNames()) if (/^access-control-/i.test(name)) response.removeHeader(name)
}

/** Vite checks the first `Host` alone, and accepts a request without one. */
function hasOneHost(request: IncomingMessage): boolean {
  const { headers, url = '' } = request
  // HTTP/2 has a pseudo-header instead, and no `headersDistinct`.
  const authority = headers[':authority']
  if (authority !== undefined) return headers.host === undefined || headers.host === authority
  const hosts = request.headersDistinct['host'] ?? []
  const target = ABSOLUTE_FORM.exec(url)?.[1]
  return hosts.length === 1 && hosts[0] !== '' && (target === undefined || target === hosts[0])
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function originOf({ headers, socket }: IncomingMessage): string | undefined {
  const host = headers[':authority'] ?? headers.host
  return host && `${'encrypted' in socket ? 'https' : 'http'}://${String(host)}`
}
