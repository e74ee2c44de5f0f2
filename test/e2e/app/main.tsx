// The app of the end-to-end tests: what a user of Latchkey would write, with a button for everything a test does.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { withQueryParameter } from '@latchkey/core/providers'
import { OAuthProvider, RequireSignIn, useOAuth } from '@latchkey/react'
import { type ReactNode, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Page } from './page.js'
import { countPopupLooks } from './popup-looks.js'
import { settings } from './settings.js'

const claims = { '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }) } } as const
countPopupLooks()
const queryClient = new QueryClient()
const root = document.querySelector('#root')
if (!root) throw new Error('no #root in the page')

const app = (children: ReactNode) => (
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <OAuthProvider
        issuer={settings.issuer}
        clientId={settings.clientId}
        scope={settings.scope ?? 'openid profile email offline_access'}
        resources={[{ url: settings.api, ...(settings.tokenPlacement && { tokenPlacement: settings.tokenPlacement }) }]}
        compliance={settings.site === undefined ? {} : { protectedRequest: withQueryParameter('site', settings.site) }}
        silent={settings.silent ?? []}
        {...(settings.checksClaims && { claims })}
        now={() => Date.now() + (window.clockShift ?? 0)}
        callback={<p data-testid="callback">One moment</p>}
      >
        {children}
      </OAuthProvider>
    </QueryClientProvider>
  </StrictMode>
)

if (settings.hasTwoApps) {
  // Two front ends with the same configuration, each guarded and with its own client.
  const second = document.body.appendChild(document.createElement('div'))
  createRoot(root).render(
    app(
      <RequireSignIn>
        <Page />
      </RequireSignIn>,
    ),
  )
  createRoot(second).render(
    app(
      <RequireSignIn>
        <Second />
      </RequireSignIn>,
    ),
  )
} else createRoot(root).render(app(<Page />))

function Second() {
  return <output data-testid="second-name">{useOAuth().claims?.name}</output>
}
