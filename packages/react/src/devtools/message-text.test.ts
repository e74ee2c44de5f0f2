import { describe, expect, it } from 'vitest'
import { toCurl, toHttp } from './message-text.js'
import { fieldsOf, headerFields, type ProtocolMessage } from './protocol-message.js'

const CODE = 'code-that-must-not-be-shown-0123456789'
const TOKEN = 'token-that-must-not-be-shown-0123456789'

const tokenRequest: ProtocolMessage = {
  id: 1,
  at: 0,
  title: 'Token request: authorization code',
  spec: 'RFC 6749, section 4.1.3',
  method: 'POST',
  url: 'https://id.example/token',
  sent: fieldsOf([
    ['grant_type', 'authorization_code'],
    ['code', CODE],
    ['redirect_uri', "https://app.example/?it's"],
  ]),
  headers: headerFields(new Headers({ 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' })),
  isForm: true,
  status: 200,
  received: fieldsOf([
    ['access_token', TOKEN],
    ['expires_in', 60],
  ]),
}

describe('a message as a command', () => {
  it('has variables in the place of secrets, and quotes every value', () => {
    expect(toCurl(tokenRequest)).toBe(String.raw`curl 'https://id.example/token' \
  -H 'accept: application/json' \
  -H 'content-type: application/x-www-form-urlencoded' \
  --data-urlencode 'grant_type=authorization_code' \
  --data-urlencode 'code='"$CODE" \
  --data-urlencode 'redirect_uri=https://app.example/?it'\''s'`)
  })

  it('has the scheme of the token, and no other secret header', () => {
    const headers = headerFields(new Headers({ authorization: `DPoP ${TOKEN}`, dpop: TOKEN, 'x-api-key': 'k' }))
    const text = toCurl({ ...tokenRequest, method: 'GET', url: 'https://api.example/me', sent: {}, isForm: false, headers })
    expect(text).toBe(String.raw`curl 'https://api.example/me' \
  -H 'authorization: DPoP '"$ACCESS_TOKEN" \
  -H 'dpop: '"$DPOP" \
  -H 'x-api-key: (not recorded)'`)
  })

  it('puts the fields of a request by navigation into the query', () => {
    const sent = fieldsOf([['response_type', 'code']])
    expect(toCurl({ ...tokenRequest, method: 'GET', isForm: false, headers: {}, sent })).toContain('--get')
  })

  it.each(["'; rm -rf ~ #", '`id`', '$(id)', 'a\nb'])('cannot be left by the value %j', (value) => {
    const text = toCurl({ ...tokenRequest, headers: {}, sent: { name: value } })
    const inside = text.replaceAll(String.raw`'\''`, '').match(/'[^']*'/g) ?? []
    expect(text.replaceAll(String.raw`'\''`, '').replaceAll(/'[^']*'/g, '')).toBe('curl  \\\n  --data-urlencode ')
    expect(inside.join('')).not.toContain('\n')
  })
})

describe('a message as HTTP', () => {
  it('has the request and the response, with masked secrets', () => {
    const text = toHttp(tokenRequest)
    expect(text).toContain('POST /token HTTP/1.1\nhost: id.example\n')
    expect(text).toContain('grant_type=authorization_code&code=[…6789 (38)]&redirect_uri=https%3A%2F%2Fapp.example%2F%3Fit')
    expect(text).toMatch(
      /HTTP\/1\.1 200\ncontent-type: application\/json\n\n\{\n {2}"access_token": "…6789 \(39\)",\n {2}"expires_in": "60"/,
    )
    for (const secret of [CODE, TOKEN]) expect(text).not.toContain(secret)
  })
})
