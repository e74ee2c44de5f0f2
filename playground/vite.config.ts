import {
  authorizationCode,
  clientCredentials,
  hybrid,
  implicit,
  jwtBearer,
  jwtGenerator,
  password,
  refreshToken,
  tokenExchange,
} from '@latchkey/server'
import { ciba } from '@latchkey/server/ciba'
import { device } from '@latchkey/server/device'
import { rar } from '@latchkey/server/rar'
import { registration } from '@latchkey/server/registration'
import { latchkey } from '@latchkey/vite'
import react from '@vitejs/plugin-react'
import { exportJWK, generateKeyPair } from 'jose'
import { defaultClientConditions, defineConfig } from 'vite'
import { authorizationDetailsTypes } from './server/authorization-details-types.js'
import { requestObjectStore } from './server/request-object-store.js'

// A service account's key, made anew with every start: the server trusts its public half, the page signs with the private one.
const serviceIssuer = 'https://service.example.com'
const serviceKeys = await generateKeyPair('ES256', { extractable: true })
const trustedIssuer = {
  issuer: serviceIssuer,
  jwks: { keys: [{ ...(await exportJWK(serviceKeys.publicKey)) }] },
  userId: () => 'ada',
}

// Of the clients that play a service: no secret, for a page shows it.
const clientSecret = 'a-secret-that-everybody-may-know'

const grants = [
  authorizationCode(),
  refreshToken(),
  implicit(),
  hybrid(),
  clientCredentials(),
  tokenExchange({ isAllowed: () => true }),
  jwtBearer({ trustedIssuers: [trustedIssuer] }),
  // Public clients too, so that the page can show why that is a bad idea.
  password({ allowPublicClients: true }),
]

const features = [device({ interval: 2 }), ciba({ interval: 2 }), registration(), rar({ types: authorizationDetailsTypes })]

export default defineConfig({
  plugins: [
    react(),
    requestObjectStore('/request-objects'),
    latchkey({
      api: '/api',
      clients: [
        { clientId: 'app', clientName: 'Latchkey playground' },
        { clientId: 'demo-service', clientName: 'A shop', clientSecret },
        { clientId: 'demo-service-jwt', clientSecret, tokenEndpointAuthMethod: 'client_secret_jwt' },
      ],
      server: { grants, features, tokens: jwtGenerator() },
    }),
  ],
  define: {
    'import.meta.env.SERVICE_ACCOUNT': JSON.stringify({ issuer: serviceIssuer, key: await exportJWK(serviceKeys.privateKey) }),
  },
  // The app runs on the packages' sources, so that a change in them is seen at once.
  resolve: { conditions: ['@latchkey/source', ...defaultClientConditions] },
})
