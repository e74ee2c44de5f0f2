import type { ProtocolContext } from './protocol-context.js'
import type { ServerMetadata } from './server-metadata.js'

/** @returns whether the request is not sent as it is */
export async function checkRequest(context: ProtocolContext, metadata: ServerMetadata, query: URLSearchParams): Promise<boolean> {
  const load = await context.load()
  const support = await load.serverSupport()
  support.checkServerSupport(metadata, query, context.options)
  if (context.options.dpop) {
    const { dpopAlgorithm } = await load.dpop()
    support.checkAlgorithm(metadata, 'dpop', dpopAlgorithm(context.options), 'Give one as "dpop: { alg }"')
  }
  return support.isSignedOrPushed(context.options, metadata)
}
