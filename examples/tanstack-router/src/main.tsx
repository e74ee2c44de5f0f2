import { OAuthProvider } from '@latchkey/react'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { client } from './oauth-client.js'
import { router } from './router.js'

createRoot(document.querySelector('#root')!).render(
  <StrictMode>
    <OAuthProvider client={client}>
      <RouterProvider router={router} />
    </OAuthProvider>
  </StrictMode>,
)
