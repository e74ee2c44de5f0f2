import { expect, it } from 'vitest'
import { withDevtools } from './with-devtools.js'

it('refuses the options of OAuth 1.0a, whose client would refuse those that the devtools add', () => {
  const options = { consumerKey: 'photos', clientId: 'photos' }
  expect(() => withDevtools(options)).toThrow(expect.objectContaining({ code: 'configuration' }) as Error)
  expect(() => withDevtools(options)).toThrow('OAuth 1.0a')
})
