import {
  findByDeviceCode,
  notePoll,
  readDecision,
  takeDecision,
  type DeviceDecision,
  type DeviceRequest,
} from '../device/device-store.js'
import { OAuthError } from '../oauth-error.js'
import { digest } from '../storage/digest.js'
import type { Issue } from '../tokens/issue-tokens.js'
import { grantBase, type Grant, type GrantOptions, type TokenRequest } from './grant.js'

export interface DeviceCodeOptions extends GrantOptions {
  /** Seconds that device and user code live. Default 600. */
  readonly codeLifetime?: number
  /** Seconds that a device waits between polls. Default 5. */
  readonly interval?: number
}

/** The device authorization grant, for what has no browser. @see RFC 8628 */
export function deviceCode(options: DeviceCodeOptions = {}): Grant {
  const { codeLifetime = 600, interval = 5 } = options
  return {
    ...grantBase(options),
    grantType: 'urn:ietf:params:oauth:grant-type:device_code',
    device: { codeLifetime, interval },
    handle: (request) => poll(request, interval),
  }
}

async function poll(request: TokenRequest, interval: number): Promise<Issue> {
  const { params, client, exchange } = request
  const { server } = exchange
  const code = params.get('device_code')
  if (code === undefined) throw new OAuthError('invalid_request', '"device_code" is missing')
  const asked = await findByDeviceCode(await digest(code), server)
  if (!asked || asked.clientId !== client.clientId)
    throw new OAuthError('invalid_grant', 'the device code is unknown, or was used before')
  if (asked.expiresAt <= server.now()) throw new OAuthError('expired_token', 'the device code has expired')
  const isPatient = await notePoll(asked, interval, server)
  const decision = await readDecision(asked, server)
  if (!decision) {
    if (!isPatient) throw new OAuthError('slow_down', `wait ${interval} seconds between polls`)
    throw new OAuthError('authorization_pending', 'the person has not decided yet')
  }
  if (!decision.allowed) throw new OAuthError('access_denied', 'the person refused the request')
  if (!(await takeDecision(asked, server)))
    throw new OAuthError('invalid_grant', 'the device code is unknown, or was used before')
  return issueToDevice(asked, decision, request)
}

function issueToDevice(
  asked: DeviceRequest,
  decision: DeviceDecision & { allowed: true },
  { client, grant }: TokenRequest,
): Issue {
  const { allowed: _allowed, ...person } = decision
  return {
    client,
    grantType: 'urn:ietf:params:oauth:grant-type:device_code',
    scope: asked.scope,
    requestedScope: asked.requestedScope,
    ...person,
    // Not bound to the session of the browser that said yes: that may be somebody else's computer.
    families: [crypto.randomUUID()],
    expiresIn: grant.expiresIn,
    withRefreshToken: true,
    ...(asked.resources ? { resources: asked.resources } : {}),
  }
}
