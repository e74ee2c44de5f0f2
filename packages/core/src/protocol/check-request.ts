import type { ProtocolContext } from './protocol-context.js'
import type { ServerMetadata } from './server-metadata.js'
import { checkAlgorithm, checkServerSupport, isSignedOrPushed } from './server-support.js'

/** @returns whether the request is not sent as it is */
export async function checkRequest(context: ProtocolContext, metadata: ServerMetadata, query: URLSearchParams): Promise<boolean> {
  const { options } = context
  checkServerSupport(metadata, query, options)
  if (options.dpop) {
    const { dpopAlgorithm } = await (await context.load()).dpop()
    checkAlgorithm(metadata, 'dpop', dpopAlgorithm(options), 'Give one as "dpop: { alg }"')
  }
  return isSignedOrPushed(options, metadata)
}
