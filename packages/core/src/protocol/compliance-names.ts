import { createError } from '../errors/create-error.js'
import type { ComplianceHooks } from './compliance.js'

const names: Readonly<Record<keyof ComplianceHooks, true>> = {
  authorizationRequest: true,
  tokenRequest: true,
  tokenResponse: true,
  refreshTokenRequest: true,
  refreshTokenResponse: true,
  revocationRequest: true,
  introspectionRequest: true,
  protectedRequest: true,
  userInfoResponse: true,
}

/**
 * A hook of another name would never be called. In TypeScript the type says so; this is for JavaScript.
 *
 * @throws ConfigurationError
 */
export function checkComplianceNames(hooks: ComplianceHooks = {}): void {
  const unknown = Object.keys(hooks).find((name) => !Object.hasOwn(names, name))
  if (unknown !== undefined) {
    throw createError('configuration', `there is no compliance hook "${unknown}"`, {
      hint: `There are: ${Object.keys(names).join(', ')}.`,
    })
  }
}
