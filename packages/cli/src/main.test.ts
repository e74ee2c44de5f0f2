import { describe, expect, it } from 'vitest'
import { main } from './main.js'
import { recordOutput } from './record-output.fixture.js'

async function run(...args: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
  const output = recordOutput()
  const code = await main(args, output)
  return { code, text: output.lines.join('\n') }
}

describe('main()', () => {
  it('prints its version', async () => {
    for (const option of ['--version', '-v'])
      expect(await run(option)).toEqual({ code: 0, text: expect.stringMatching(/^\d+\.\d+\.\d+$/) })
  })

  it('lists the commands and, for a command, its options', async () => {
    for (const option of ['--help', '-h']) {
      expect(await run(option)).toEqual({ code: 0, text: expect.stringMatching(/^Usage: latchkey .*\n {2}server /s) })
      const { code, text } = await run('server', option)
      expect(code).toBe(0)
      for (const name of [
        'port',
        'host',
        'issuer',
        'allowed-host',
        'config',
        'users',
        'clients',
        'keys',
        'store',
        'one-click',
        'quiet',
      ])
        expect(text).toMatch(new RegExp(`^ {2}--${name} `, 'm'))
    }
  })

  it('lists the options of the doctor', async () => {
    const { code, text } = await run('doctor', '--help')
    expect(code).toBe(0)
    for (const name of [
      'client-id',
      'redirect-uri',
      'origin',
      'scope',
      'response-type',
      'alg',
      'metadata-url',
      'transport',
      'json',
    ])
      expect(text).toMatch(new RegExp(`^ {2}--${name} `, 'm'))
  })

  it('prints the list of commands as an error if none is given', async () => {
    expect(await run()).toEqual({ code: 1, text: expect.stringMatching(/^error: Usage: latchkey /) })
  })

  it.each([
    [['sever'], /unknown command 'sever'.*server/s],
    [['server', '--prot', '1'], /unknown option '--prot'.*--port/s],
    [['server', 'extra'], /too many arguments/],
    [['server', '--port', 'x'], /--port.*Expected a number from 0 to 65535/s],
    [['server', '--port', '65536'], /--port.*Expected a number from 0 to 65535/s],
    [['server', '--allowed-host', 'https://id.example.com'], /--allowed-host.*Expected a host name without scheme and port/s],
    [['server', '--users'], /--users.*argument missing/s],
  ])('rejects %j and names the fix', async (args, message) => {
    expect(await run(...args)).toEqual({ code: 1, text: expect.stringMatching(message) })
  })

  it('prints why a server cannot start', async () => {
    expect(await run('server', '--port', '0', '--store', 'floppy:a')).toEqual({
      code: 1,
      text: expect.stringMatching(/^error: --store: expected memory/),
    })
  })
})
