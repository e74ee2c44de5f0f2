import express from 'express'
import { createTokenVerifier } from '@latchkey/resource'
import { toExpressGuard, toExpressMetadata, tokenOf } from '@latchkey/resource/express'

/** What the issuer's access tokens name this API, in their claim `aud`. */
export const AUDIENCE = 'https://orders.example.com'

/**
 * Creates the API. It takes only tokens with the scope `orders:read` that are bound to a key of the browser (DPoP).
 *
 * @param {string} issuer
 */
export function createOrdersApi(issuer) {
  const verifier = createTokenVerifier({
    issuer,
    audience: AUDIENCE,
    dpop: { required: true },
    metadata: { scopes_supported: ['orders:read'] },
    onRefused: (error) => console.log(`Refused: ${error.message}`),
  })
  const app = express()
  app.use(toExpressMetadata(verifier))
  app.get('/api/orders', toExpressGuard(verifier, { scope: 'orders:read' }), (request, response) => {
    const { sub } = tokenOf(verifier, request)
    response.json({ ordersOf: sub, orders: ['Analytical Engine', 'Punched cards'] })
  })
  return app
}
