import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { logEntry, logField } from './log-entry.fixture.js'
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

  it('shows the parameters of a response in the query and the fragment', () => {
    const received = [logField('a', '1', { place: 'query' }), logField('b', '2', { place: 'fragment' })]
    expect(rawMessage(logEntry('authorization-response', { received }))).toBe('GET /x?a=1#b=2 HTTP/1.1\nHost: id.example.com')
  })
})

describe('curlCommand()', () => {
  it('is a command that a shell reads as it is meant, with placeholders for secrets', () => {
    const command = curlCommand(tokenRequest)
    const parts = execFileSync('sh', ['-c', command.replace('curl', `printf '%s\\n'`)], { encoding: 'utf8' })
      .trim()
      .split('\n')
    expect(parts).toEqual([
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
})
