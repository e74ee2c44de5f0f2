import { deviceDecisions, findByDeviceCode } from './device-store.js'
import { grantBase, type Grant, type GrantOptions } from '../../token/grants/grant.js'
import { pollDecision } from '../polling/poll-decision.js'

export interface DeviceCodeOptions extends GrantOptions {
  /** Seconds that device and user code live. Default 600. */
  readonly codeLifetime?: number
  /** Seconds that a device waits between polls. Default 5. */
  readonly interval?: number
}

/** The device authorization grant, for what has no browser. @see RFC 8628 */
export function deviceCode(options: DeviceCodeOptions = {}): Grant {
  const { codeLifetime = 600, interval = 5 } = options
  if (!(codeLifetime > 0 && interval > 0))
    throw new TypeError('deviceCode: "codeLifetime" and "interval" must be seconds above 0')
  return {
    ...grantBase(options),
    grantType: 'urn:ietf:params:oauth:grant-type:device_code',
    device: { codeLifetime, interval },
    handle: (request) =>
      pollDecision(request, { parameter: 'device_code', find: findByDeviceCode, decisions: deviceDecisions, interval }),
  }
}
