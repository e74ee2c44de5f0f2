import type { ServerResponse } from 'node:http'
import type { ViteDevServer } from 'vite'
import { currentKeyMaterial, hasKeyMaterial } from './key-material.js'
import type { StateFolder } from './state-folder.js'

const QUOTES = 'quotes a file that holds keys and tokens. It is not served.'

/**
 * Replaces a response that quotes the keys: the error page of Vite quotes the file that could not be processed, and a source map the files
 * that it names, whatever has led to them. Vite reads both without its plugins.
 */
export function hideKeys(response: ServerResponse, folder: StateFolder): void {
  const end = response.end.bind(response) as (...given: unknown[]) => ServerResponse
  response.end = (...given: unknown[]) => {
    const [content] = given
    const isText = typeof content === 'string' || content instanceof Uint8Array
    if (!isText || !hasKeyMaterial(content, currentKeyMaterial(folder))) return end(...given)
    const isError = response.statusCode >= 500
    // A browser must not keep it as the module.
    if (!response.headersSent) {
      for (const name of ['etag', 'content-length', 'content-encoding']) response.removeHeader(name)
      response.setHeader('cache-control', 'no-store')
      response.setHeader('content-type', 'text/plain; charset=utf-8')
      if (!isError) response.statusCode = 403
    }
    return end(`This ${isError ? 'error' : 'response'} ${QUOTES}\n`)
  }
}

type Send = (...given: readonly unknown[]) => void

/** Replaces messages that quote the keys: Vite sends each error to all pages that are connected, and the last one to the next page. */
export function hideKeysInMessages({ ws, environments }: ViteDevServer, folder: StateFolder): void {
  for (const channel of new Set<{ send: unknown }>([ws, environments.client.hot])) {
    const send = (channel.send as Send).bind(channel)
    channel.send = (...given: readonly unknown[]) => {
      const isLeak = hasKeyMaterial(JSON.stringify(given), currentKeyMaterial(folder))
      if (isLeak) send({ type: 'error', err: { message: `This error ${QUOTES}`, stack: '' } })
      else send(...given)
    }
  }
}
