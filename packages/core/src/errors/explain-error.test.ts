import { describe, expect, it } from 'vitest'
import { CODE_TEXTS } from './code-texts.js'
import { createError } from './create-error.js'
import { explainError } from './explain-error.js'

const load = (): Promise<typeof import('./describe-error.js')> => import('./describe-error.js')

describe('explainError()', () => {
  it('adds the message, hint and section of the catalog', async () => {
    const { message, hint, section } = CODE_TEXTS.mismatching_state
    const error = await explainError(createError('mismatching_state'), load)
    expect(error).toMatchObject({ name: 'ValidationError', message: `${message} ${hint}`, hint, spec: section })
    expect(error.stack).toContain(message)
  })

  it('keeps the texts that the throw site gave', async () => {
    const error = await explainError(createError('unsupported', 'no such endpoint', { hint: 'Turn it on.' }), load)
    expect(error).toMatchObject({ message: 'no such endpoint. Turn it on.', hint: 'Turn it on.' })
  })

  it("prefers the hint for the server's own error", async () => {
    const error = await explainError(createError('token_error', 'refused', { error: 'invalid_client' }), load)
    expect(error.hint).toContain('clientAuth')
  })

  it.each(['constructor', '__proto__'])('uses the hint of the code for the unknown server error "%s"', async (name) => {
    const error = await explainError(createError('token_error', 'refused', { error: name }), load)
    expect(error.hint).toBe(CODE_TEXTS.token_error.hint)
  })

  it('wraps what is not an error of this library', async () => {
    const cause = new TypeError('boom')
    expect(await explainError(cause, load)).toMatchObject({ code: 'unexpected', cause, hint: CODE_TEXTS.unexpected.hint })
  })

  it('has its code in a short message, and a hint, when the texts cannot be loaded', async () => {
    const error = await explainError(createError('network'), () => Promise.reject(new TypeError('offline')))
    const hint = 'Check the network and try again.'
    expect(error).toMatchObject({ code: 'network', hint })
    expect(error.message).toBe(`Error "network"; its description could not be loaded. ${hint}`)
    expect(error.stack).toContain(error.message)
  })
})
