import type { ClientOptions } from '@latchkey/core'
import { createElement, Suspense, type FunctionComponent } from 'react'
import { renderToReadableStream, renderToString } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { OAuthProvider, SignedIn, SignedOut, useAuthedQuery, useOAuth, useSuspenseUser, useToken, useUserInfo } from '../index.js'

const options: ClientOptions = {
  issuer: 'https://id.example',
  clientId: 'app',
  fetch: () => Promise.reject(new Error('no network on a server')),
}

function provide(component: FunctionComponent) {
  return createElement(OAuthProvider, options, createElement(component))
}

describe('rendering on a server', () => {
  it('renders every hook as restoring, without a request and without a document', () => {
    function App() {
      const { status, activity, claims } = useOAuth()
      const { accessToken } = useToken()
      const { fetchStatus } = useUserInfo()
      const { status: query } = useAuthedQuery({ queryKey: ['me'], queryFn: () => 'never' })
      return createElement('p', {}, [status, activity, claims, accessToken, fetchStatus, query].map(String).join(' '))
    }
    expect(typeof document).toBe('undefined')
    expect(renderToString(provide(App))).toBe('<p>restoring idle undefined undefined idle pending</p>')
  })

  it('accepts relative URLs, as in the browser', () => {
    const paths = { ...options, redirectUri: '/callback', postLogoutRedirectUri: '/bye', resources: ['/api/', { url: '/files' }] }
    const App = () => useOAuth().status
    expect(renderToString(createElement(OAuthProvider, paths, createElement(App)))).toBe('restoring')
  })

  it('renders `restoring` of the provider instead of the app, and no other phase', () => {
    const phases = { restoring: 'Restoring', callback: 'Signing in', error: 'Failed' }
    expect(renderToString(createElement(OAuthProvider, { ...options, ...phases }, 'app'))).toBe('Restoring')
    expect(renderToString(createElement(OAuthProvider, { ...options, ...phases, restoring: undefined }, 'app'))).toBe('app')
  })

  it('renders neither <SignedIn> nor <SignedOut>', () => {
    const App = () => [createElement(SignedIn, { key: 1 }, 'in'), createElement(SignedOut, { key: 2 }, 'out')]
    expect(renderToString(provide(App))).toBe('')
  })

  it('sends the fallback of a suspended component, and reports why', async () => {
    const reasons: unknown[] = []
    const App = () => createElement(Suspense, { fallback: 'restoring' }, createElement(User))
    function User() {
      return createElement('p', {}, String(useSuspenseUser()?.name))
    }
    const stream = await renderToReadableStream(provide(App), { onError: (error) => void reasons.push(error) })
    await stream.allReady
    expect(await new Response(stream).text()).toContain('restoring')
    expect(reasons).toEqual([expect.objectContaining({ code: 'unsupported', digest: 'BAILOUT_TO_CLIENT_SIDE_RENDERING' })])
  })
})
