import { jwtGenerator } from '@latchkey/server'
import { latchkey } from '@latchkey/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { AUDIENCE } from './api/orders-api.js'

/**
 * The app and the API have one origin in the browser, so that no CORS is needed. The API must see that origin in the `Host` header, because
 * DPoP proofs contain it; without `changeOrigin: false` it would see its own.
 */
const proxy = { '/api': { target: `http://127.0.0.1:${process.env.API_PORT ?? 3000}`, changeOrigin: false } }

export default defineConfig({
  plugins: [
    react(),
    latchkey({
      scope: 'openid profile email offline_access orders:read',
      server: {
        // The API verifies JWTs by itself; the server's default tokens are opaque.
        tokens: jwtGenerator({ audience: AUDIENCE }),
        scopes: ['openid', 'profile', 'email', 'offline_access', 'orders:read'],
      },
    }),
  ],
  server: { proxy },
  preview: { proxy },
})
