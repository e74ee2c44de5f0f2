import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { logEntry, logField } from './log-entry.fixture.js'
import { fieldsOfJson, fieldsOfParameters, maskedHeader, placed } from './masked-fields.js'
import { curlCommand, rawMessage } from './raw-message.js'

const tokenRequest = logEntry('token-request', {
  method: 'POST',
  url: 'https://id.example.com/token',
  bodyType: 'form',
  sent: [
    logField('DPoP', '••••abcd (300 characters)', { place: 'header', secret: true }),
    logField('grant_type', 'authorization_code', { place: 'body' }),
    logField('code', '••••1234 (43 characters)', { place: 'body', secret: true }),
    logField('client_id', "it's", { place: 'body' }),
  ],
  received: [logField('token_type', 'Bearer', { place: 'body' })],
})

describe('rawMessage()', () => {
  it('shows request and response as text', () => {
    expect(rawMessage(tokenRequest)).toBe(
      [
        'POST /token HTTP/1.1',
        'Host: id.example.com',
        'DPoP: ••••abcd (300 characters)',
        'Content-Type: application/x-www-form-urlencoded',
        '',
        "grant_type=authorization_code&\ncode=••••1234 (43 characters)&\nclient_id=it's",
        '',
        'HTTP/1.1 200',
        '',
        '{\n  "token_type": "Bearer"\n}',
      ].join('\n'),
    )
  })

  it('shows lists, numbers and masked secrets of a response as they are', () => {
    const received = [
      logField('expires_in', '3600', { place: 'body', isJson: true }),
      logField('scopes', '["a", "b…', { place: 'body', isJson: true, full: '["a", "b"]' }),
      logField('claims', '{"a": …', { place: 'body', isJson: true }),
      logField('code', '•••• (5 characters)', { place: 'query', secret: true }),
    ]
    const response = rawMessage(logEntry('token-request', { received })).split('\n\n').at(-1)
    expect(JSON.parse(response ?? '')).toEqual({ expires_in: 3600, scopes: ['a', 'b'], claims: '{"a": …' })
    expect(rawMessage(logEntry('authorization-response', { received }))).toContain('GET /x?code=•••• (5 characters) HTTP/1.1')
  })

  it('shows the parameters of a response in the query and the fragment', () => {
    const received = [logField('a', '1', { place: 'query' }), logField('b', '2', { place: 'fragment' })]
    expect(rawMessage(logEntry('authorization-response', { received }))).toBe('GET /x?a=1#b=2 HTTP/1.1\nHost: id.example.com')
  })
})

describe('curlCommand()', () => {
  it('is a command that a shell reads as it is meant, with placeholders for secrets', () => {
    expect(argumentsOf(curlCommand(tokenRequest))).toEqual([
      ...['-X', 'POST', 'https://id.example.com/token', '-H', 'DPoP: <DPoP>'],
      ...['--data-urlencode', 'grant_type=authorization_code', '--data-urlencode', 'code=<code>'],
      ...['--data-urlencode', "client_id=it's"],
    ])
  })

  it('sends a JSON body', () => {
    const sent = [logField('client_name', 'Demo', { place: 'body' })]
    const command = curlCommand(logEntry('registration', { method: 'POST', bodyType: 'json', sent }))
    expect(command).toContain(`-H 'Content-Type: application/json'`)
    expect(command).toContain(`--data '{\n  "client_name": "Demo"\n}'`)
  })

  it('sends a registration whose lists stay lists, and whose long values are complete', () => {
    const metadata = {
      redirect_uris: ['https://app.example.com/'],
      jwks: { keys: [{ kty: 'RSA', n: 'n'.repeat(342) }] },
      software_statement: 's'.repeat(20_000),
    }
    const sent = placed('body', fieldsOfJson(metadata))
    const entry = logEntry('registration', { method: 'POST', bodyType: 'json', sent })
    expect(JSON.parse(argumentsOf(curlCommand(entry)).at(-1) ?? '')).toEqual({
      ...metadata,
      software_statement: '<software_statement>',
    })
  })

  it('encodes the query, and keeps the scheme of the Authorization header', () => {
    const sent = [
      ...placed(
        'query',
        fieldsOfParameters(new URLSearchParams({ resource: 'https://api.example.com/?a=1&b=c d', code: 'secret' })),
      ),
      ...placed('header', [maskedHeader('Authorization', 'Bearer SECRET-that-must-be-masked-1234')]),
    ]
    const [url, , header] = argumentsOf(curlCommand(logEntry('api', { sent })))
    expect(url).toBe('https://id.example.com/x?resource=https://api.example.com/%3Fa%3D1%26b%3Dc%20d&code=<code>')
    expect(header).toBe('Authorization: Bearer <Authorization>')
  })
})

/** @returns the arguments as a shell passes them on */
function argumentsOf(command: string): readonly string[] {
  const script = command.replace('curl', `printf '%s\\0'`)
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1)
}
