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
import { DEFAULT_USERS as users, latchkey } from '@latchkey/vite'
import react from '@vitejs/plugin-react'
import { exportJWK, generateKeyPair } from 'jose'
import { defaultClientConditions, defineConfig } from 'vite'
import { authorizationDetailsTypes } from './server/authorization-details-types.js'
import { CSS_TARGET } from './css-target.js'
import { guardedApi } from './server/guarded-api.js'
import { phoneAccess } from './server/phone-access.js'
import { logoutReceiver } from './server/logout-receiver.js'
import { oauth1Provider } from './server/oauth1-provider.js'
import { requestObjectStore } from './server/request-object-store.js'

// A new key for the service account at every start: the server trusts the public key, the page signs with the private key.
const serviceIssuer = 'https://service.example.com'
const serviceKeys = await generateKeyPair('ES256', { extractable: true })
const trustedIssuer = {
  issuer: serviceIssuer,
  jwks: { keys: [{ ...(await exportJWK(serviceKeys.publicKey)) }] },
  userId: () => 'ada',
}

// The page signs requests of OAuth 1.0a with the private key.
const rsaKeys = await generateKeyPair('RS256', { extractable: true })

// The page shows this value, so it is not a secret.
const clientSecret = 'public-demo-secret-of-32-letters'

const grants = [
  authorizationCode(),
  refreshToken(),
  implicit(),
  hybrid(),
  clientCredentials(),
  tokenExchange({ isAllowed: () => true }),
  jwtBearer({ trustedIssuers: [trustedIssuer] }),
  // Also for public clients, because the playground's client is one.
  password({ allowPublicClients: true }),
]

const features = [device({ interval: 2 }), ciba({ interval: 2 }), registration(), rar({ types: authorizationDetailsTypes })]

export default defineConfig({
  plugins: [
    react(),
    requestObjectStore('/request-objects'),
    guardedApi('/oauth'),
    phoneAccess('/oauth'),
    logoutReceiver('/oauth'),
    oauth1Provider({ users, rsaPublicKey: await exportJWK(rsaKeys.publicKey) }),
    latchkey({
      users,
      clients: [
        { clientId: 'app', clientName: 'Latchkey playground' },
        { clientId: 'demo-service', clientName: 'Demo shop', clientSecret },
        { clientId: 'demo-service-jwt', clientSecret, tokenEndpointAuthMethod: 'client_secret_jwt' },
      ],
      server: { grants, features, tokens: jwtGenerator() },
    }),
  ],
  define: {
    'import.meta.env.SERVICE_ACCOUNT': JSON.stringify({ issuer: serviceIssuer, key: await exportJWK(serviceKeys.privateKey) }),
    'import.meta.env.OAUTH1_KEY': JSON.stringify(await exportJWK(rsaKeys.privateKey)),
  },
  build: { cssTarget: [...CSS_TARGET] },
  // Compiles the app while the user opens the browser. The second file is imported dynamically, so Vite does not find it through the first.
  server: { warmup: { clientFiles: ['./src/main.tsx', './src/app.tsx'] } },
  // The app uses the packages' sources, so that a change is visible at once.
  resolve: { conditions: ['@latchkey/source', ...defaultClientConditions] },
})
