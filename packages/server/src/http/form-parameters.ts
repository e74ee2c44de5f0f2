import { readForm } from './body.js'
import { OAuthError } from './oauth-error.js'
import { checkRepeatedParameters, readParameters, type Parameters } from './parameters.js'

/**
 * Reads the form of a request that a client sends.
 *
 * @throws OAuthError `invalid_request` if the body is empty or a parameter is repeated. @see RFC 6749, sections 3.2 and 5.2
 */
export async function readFormParameters(request: Request): Promise<Parameters> {
  const form = await readForm(request)
  if (form.size === 0) throw new OAuthError('invalid_request', 'the body is empty: expected form-encoded parameters')
  const params = readParameters(form)
  checkRepeatedParameters(params)
  return params
}
