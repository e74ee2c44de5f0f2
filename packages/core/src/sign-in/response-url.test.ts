import { describe, expect, it } from 'vitest'
import { createState } from './authorization-flow.js'
import { parseState, readResponse, withoutResponse } from './response-url.js'

describe('createState()', () => {
  it('contains the client, the transport and 256 random bits', () => {
    //
    const state = createState('k3y', 'p')
    expect(parseState(state)).toEqual({ clientKey: 'k3y', kind: 'p' })
    expect(state.split('.')[3]).toHaveLength(56)
    expect(createState('k3y', 'p')).not.toBe(state)
  })

  it.each(['', 'abc', 'lk.k.z.abc', 'lk.k.r', 'lk.K.r.abc', 'xlk.k.r.abc', 'lk.k.r.abc\n', undefined])(
    'is not taken for ours: %j',
    (state) => {
      expect(parseState(state)).toBeUndefined()
    },
  )
})

describe('readResponse()', () => {
  it('reads a response in the query', () => {
    const response = readResponse(new URL('https://app.test/?code=c&state=s'))
    expect(response).toMatchObject({ place: 'search', state: 's', isAuthorizationResponse: true })
  })

  it('reads a response in the fragment and decodes "+" and "%XX"', () => {
    //
    const response = readResponse(new URL('https://app.test/#error=access_denied&error_description=not+%C3%BC&state='))
    expect(response).toMatchObject({ place: 'hash', state: '', isAuthorizationResponse: true })
    expect(response?.params.get('error_description')).toBe('not ü')
  })

  it('reads the state inside a JWT-secured response', () => {
    const payload = btoa(JSON.stringify({ state: 'inner' })).replaceAll('=', '')
    expect(readResponse(new URL(`https://app.test/?response=e30.${payload}.sig`))?.state).toBe('inner')
  })

  it.each(['https://app.test/?response=nonsense', 'https://app.test/?response=a.b.c'])(
    'has no state for a broken JWT: %s',
    (url) => {
      expect(readResponse(new URL(url))?.state).toBeUndefined()
    },
  )

  it('tells the return from a sign-out from an authorization response', () => {
    expect(readResponse(new URL('https://app.test/?state=lk.k.o.1'))?.isAuthorizationResponse).toBe(false)
  })

  it('sees nothing in an ordinary URL', () => {
    expect(readResponse(new URL('https://app.test/orders?page=2#top'))).toBeUndefined()
  })
})

describe('withoutResponse()', () => {
  it('takes the response out and leaves the rest of the query and the fragment', () => {
    //
    const url = new URL('https://app.test/cb?page=2&code=c&state=s&iss=https%3A%2F%2Fid.test&session_state=x#top')
    expect(withoutResponse(url).href).toBe('https://app.test/cb?page=2#top')
  })

  it('leaves no trace of a fragment response', () => {
    const url = new URL('https://app.test/cb?page=2#access_token=t&token_type=Bearer&expires_in=60&state=s&id_token=j')
    expect(withoutResponse(url).href).toBe('https://app.test/cb?page=2')
  })
})
