import { describe, expect, it } from 'vitest'
import { explainMismatch } from './explain-mismatch.js'

const APP = 'http://localhost:5173/'
const REGISTERED = { clientId: 'app', parameter: 'redirect_uri', redirectUris: [APP, `${APP}callback`] } as const

describe('explainMismatch()', () => {
  it('adds the received redirect URI to those that are registered, relative to the app', () => {
    const { text, code, appUrl } = explainMismatch({ ...REGISTERED, redirectUri: `${APP}signed-in` }, APP)
    expect(code).toBe("latchkey({ clients: [{ clientId: 'app', redirectUris: ['./', 'callback', 'signed-in'] }] })")
    expect(text).toContain('register it, character for character')
    expect(appUrl).toBe(APP)
  })

  it('says that the app was opened at another address', () => {
    const { text, code } = explainMismatch({ ...REGISTERED, redirectUri: 'http://127.0.0.1:5173/' }, APP)
    expect(text).toContain('sent to http://localhost:5173 with a redirect URI on another origin')
    expect(code).toContain("'http://127.0.0.1:5173/'")
  })

  it('adds a client', () => {
    const unknown = { clientId: "it's", parameter: 'redirect_uri', redirectUri: undefined, redirectUris: undefined } as const
    expect(explainMismatch(unknown, APP).code).toBe("latchkey({ clients: [{ clientId: 'it\\'s' }] })")
    expect(explainMismatch({ ...unknown, redirectUri: APP }, APP).code).toContain("redirectUris: ['./']")
  })

  it('names the option of the address after a sign-out', () => {
    const mismatch = { ...REGISTERED, parameter: 'post_logout_redirect_uri', redirectUri: `${APP}bye` } as const
    expect(explainMismatch(mismatch, APP).code).toContain("postLogoutRedirectUris: ['./', 'callback', 'bye']")
  })
})
