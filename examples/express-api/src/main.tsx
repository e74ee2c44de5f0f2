import { OAuthProvider } from '@latchkey/react'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router'
import { client } from './oauth-client.js'
import { router } from './router.js'

createRoot(document.querySelector('#root')!).render(
  <StrictMode>
    <OAuthProvider client={client} restoring={<p>Loading …</p>} callback={<p>Signing in …</p>}>
      <RouterProvider router={router} />
    </OAuthProvider>
  </StrictMode>,
)
